import { leaseTestServer } from './dist/test/support/test-server.js'

/** One PostgreSQL server for all test files; this process holds it for as long as ava runs. */
const url = process.env.SQLBRAID_TEST_URL || (await leaseTestServer())

export default {
  files: ['dist/test/**/*.test.js'],
  environmentVariables: { SQLBRAID_TEST_URL: url },
  timeout: '3m',
}
