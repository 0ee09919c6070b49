/** Rows about devices that have engines. They are about wall time. */
import type { Row } from '../../row.js'
import { bareRow } from './bare/index.js'
import { ceilingRow } from './ceiling.js'
import { managedRow } from './row.js'
import { variants } from './variants.js'

export const managedRows: readonly Row[] = [...variants.map(managedRow), bareRow, ceilingRow]
