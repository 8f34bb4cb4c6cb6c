"""XES (IEEE 1849): event logs as XML, streamed into rows; files that would harm are refused."""
