// A CommonJS program: Node from 20.19 on gives `require` the modules themselves.
const assert = require('node:assert/strict')
const { lz4 } = require('@zcomp/backend-lz4')
const { ZramDevice, isZcompError } = require('@zcomp/core')

async function main() {
  const dev = await ZramDevice.create({ disksize: '1M', algorithm: 'lz4', backends: [lz4()] })
  try {
    const page = new Uint8Array(4096).fill(1, 5, 99)
    await dev.write(4096, page)
    assert.deepEqual(await dev.read(4096, 4096), page)
    await assert.rejects(dev.read(-1, 5), (error) => isZcompError(error))
  } finally {
    await dev.close()
  }
}

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
