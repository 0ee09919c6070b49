/** Pages, for the benchmark too: both work on the same ones. */
export { loadPages, type PageChoice } from './load.js'
export { pagesOption } from './option.js'
export { granule, isSameFilled, type PageSet, pageCount } from './page-set.js'
