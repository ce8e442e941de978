import { leaseTestServer } from './dist/test/support/test-server.js'

/** The PostgreSQL servers of all test files; this process holds them for as long as ava runs. */
const environmentVariables = {
  SQLBRAID_TEST_URL: process.env.SQLBRAID_TEST_URL || (await leaseTestServer('tests')),
  SQLBRAID_TEST_SCRATCH_URL: process.env.SQLBRAID_TEST_SCRATCH_URL || (await leaseTestServer('proofs')),
}

export default {
  files: ['dist/test/**/*.test.js'],
  environmentVariables,
  timeout: '3m',
}
