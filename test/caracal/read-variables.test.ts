import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { READ_VARIABLES } from '../../src/caracal/read-variables';
import { findingsWith } from '../support/findings';
import { caracal, propsOf } from './fixture';

interface Reader {
  readonly component: string;
  readonly names: readonly string[];
}

const CONTRACT = JSON.parse(readFileSync(join(__dirname, '..', 'contract', 'caracal', 'env-reads.json'), 'utf8')) as {
  readonly services: readonly Reader[];
};

const stackWith = (component: string, names: readonly string[]) =>
  caracal(propsOf('dev', { [component]: { env: Object.fromEntries(names.map((name) => [name, '1'])) } }));
const reported = (component: string, names: readonly string[], id: string): string[] =>
  findingsWith(stackWith(component, names), id).map(({ path }) => path.split('.').at(-1) ?? '');

describe('what the services read', () => {
  test('is what their sources read, service by service', () => {
    expect(Object.fromEntries(Object.entries(READ_VARIABLES).map(([name, names]) => [name, [...names]]))).toEqual(
      Object.fromEntries(CONTRACT.services.map(({ component, names }) => [component, names])),
    );
  });

  test.each(CONTRACT.services.map(({ component, names }): [string, readonly string[]] => [component, names]))(
    'is never reported as unread: %s',
    (component, names) => {
      expect(names.length).toBeGreaterThan(30);
      expect(reported(component, names, 'caracal/unread-env')).toEqual([]);
    },
  );

  test.each([
    ['api', 'API_BODY_LIMIT_BYTES'],
    ['api', 'REQUEST_TIMEOUT_MS'],
    ['gateway', 'WRITE_TIMEOUT'],
    ['gateway', 'REDIS_DIAL_TIMEOUT'],
    ['coordinator', 'SWEEPER_BATCH_SIZE'],
    ['sts', 'DB_HEALTH_CHECK_PERIOD'],
    ['web', 'DB_STATEMENT_TIMEOUT_MS'],
    ['audit', 'CARACAL_LOG_MAX_FIELD_BYTES'],
  ])('may be set where no property stands for it: %s %s', (component, name) => {
    const findings = stackWith(component, [name]).findings();
    expect(findings.filter(({ path }) => path.endsWith(name))).toEqual([]);
  });

  test.each([
    ['a name of another service', 'audit', 'API_BODY_LIMIT_BYTES'],
    ['a misspelt one', 'sts', 'MAX_GRANT_TTL_SECONS'],
    ['a name that nobody reads', 'web', 'CONSOLE_THEME'],
    ['a name that is refused on other services', 'web', 'AWS_REGION'],
    ['a name that is refused on the gateway', 'api', 'TLS_CERT_FILE'],
  ])('negative control: %s is reported', (_what, component, name) => {
    expect(reported(component, [name], 'caracal/unread-env')).toEqual([name]);
  });
});
