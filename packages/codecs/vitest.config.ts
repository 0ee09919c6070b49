import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { globalSetup: './scripts/build-wasm.mjs', include: ['test/**/*.test.ts'], testTimeout: 120_000 },
})
