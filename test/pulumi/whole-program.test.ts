import * as pulumi from '@pulumi/pulumi';
import { ConfigurationError, type PlatformStackProps } from '../../src';
import { SelfHosted, type SelfHostedOptions } from '../../src/pulumi';
import { testStack } from '../support/ledger';
import { attempt, type Outcome } from './program';
import { COMPONENT_TOKEN } from './tokens';

jest.setTimeout(60_000);

const books = (name: string, props: Partial<PlatformStackProps> = {}, options: SelfHostedOptions = {}): SelfHosted =>
  new SelfHosted(name, ({ app }) => testStack({ namespace: { name, create: true }, ...props }, app), options);
const refused = (name: string): SelfHosted => books(name, { namespace: 'NoNamespace' });

const componentsOf = ({ registrations }: Outcome<unknown>): string[] =>
  registrations.filter(({ type }) => type === COMPONENT_TOKEN).map(({ name }) => name);

describe('a program with a component that is refused registers nothing of its components', () => {
  it('the second of two: the first, which is fine, is not registered either, and there is one error', async () => {
    const { errors, registrations } = await attempt(() => [books('first'), refused('second')]);
    expect(registrations).toEqual([]);
    expect(errors).toEqual([expect.any(ConfigurationError)]);
  });

  it('the first of two', async () => {
    const { errors, registrations } = await attempt(() => [refused('first'), books('second')]);
    expect(registrations).toEqual([]);
    expect(errors).toHaveLength(1);
  });

  // The SDK sends messages in turn, and one about a resource that is never registered keeps back all later ones: the user
  // would see a program that failed, and no error.
  it('a component that is taken back says nothing, so that the error is heard; one that is registered warns', async () => {
    const warned = (name: string): SelfHosted => books(name, {}, { ignoreChanges: ['spec'] });
    const taken = await attempt(() => [warned('first'), refused('second')]);
    expect([taken.errors.length, taken.warnings]).toEqual([1, []]);
    const registered = await attempt(() => warned('first'));
    expect(registered.warnings).toEqual([expect.stringContaining('pulumi/option-without-effect')]);
  });

  it('a transformation that throws at one of the objects counts as a refusal', async () => {
    const failure = new Error('this transformation is broken');
    const { errors, registrations } = await attempt(() => [
      books('first'),
      books(
        'second',
        {},
        {
          transformations: [
            ({ name }) => {
              if (name.includes(':')) {
                throw failure;
              }
              return undefined;
            },
          ],
        },
      ),
    ]);
    expect(registrations).toEqual([]);
    expect(errors).toEqual([failure]);
  });

  it('without the mistake both are registered', async () => {
    const outcome = await attempt(() => [books('first'), books('second')]);
    expect(outcome.errors).toEqual([]);
    expect(componentsOf(outcome)).toEqual(['first', 'second']);
    expect(outcome.registrations.length).toBeGreaterThan(2);
  });
});

describe('what the guide says of programs that wait, and of other errors', () => {
  it('a component that is made after the program waited for something is judged by itself', async () => {
    const outcome = await attempt(async () => {
      const first = books('first');
      await new Promise((resolve) => first.urn.apply(resolve));
      return refused('second');
    });
    expect(componentsOf(outcome)).toEqual(['first']);
    expect(outcome.errors).toEqual([expect.any(ConfigurationError)]);
  });

  it('a program that catches the refusal goes on with what it makes afterwards', async () => {
    const outcome = await attempt(() => {
      expect(() => refused('first')).toThrow(ConfigurationError);
      return books('second');
    });
    expect(outcome.errors).toEqual([]);
    expect(componentsOf(outcome)).toEqual(['second']);
  });

  it('other resources of the program are not held back', async () => {
    const { registrations } = await attempt(
      () => {
        new pulumi.ComponentResource('test:index:Other', 'other');
        return refused('second');
      },
      { tokens: ['test:index:Other'] },
    );
    expect(registrations.map(({ name }) => name)).toEqual(['other']);
  });
});
