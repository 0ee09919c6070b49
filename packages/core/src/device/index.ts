/** The zram block device. */
export {}
