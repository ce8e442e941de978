// Holds a lease on the embedded server of its argument (options as JSON), says which on standard output, and ends
// with its standard input, that is, at the latest with the test that started it.
import { leaseEmbeddedServer } from '../../src/database/embedded/lease.ts'

const { release, ended: _, ...server } = await leaseEmbeddedServer(JSON.parse(process.argv[2] ?? ''))
process.stdout.write(`${JSON.stringify(server)}\n`)
process.stdin.resume().on('end', release)
