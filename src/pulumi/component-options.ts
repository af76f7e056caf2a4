import { type Finding, show } from '../core/errors';

/** Options of single resources. On a component, which has no fields of its own, the engine finds nothing to apply them to. */
const WITHOUT_EFFECT = ['ignoreChanges', 'replaceOnChanges', 'hideDiffs', 'version', 'pluginDownloadURL'] as const;

/** Options that name one resource that exists; a component stands for many. */
const NOT_ALLOWED = ['id', 'urn', 'import'] as const;

/** What of the options of a component does nothing, as warnings, and what cannot be meant, as errors. */
export function optionFindings(component: string, options: object): Finding[] {
  const path = `SelfHosted "${component}"`;
  const given = (names: readonly string[]): [string, unknown][] =>
    Object.entries(options).filter(([name, value]) => names.includes(name) && value !== undefined);
  return [
    ...given(NOT_ALLOWED).map(([name, value]): Finding => ({
      id: 'pulumi/option-not-allowed',
      level: 'error',
      path: `${path}.${name}`,
      message: 'this names one resource, and a component has one for each object',
      given: show(value),
      fix: "leave it out; to import objects: { adopt: (object) => object.kind === 'Namespace' }",
    })),
    ...given(WITHOUT_EFFECT).map(([name, value]): Finding => ({
      id: 'pulumi/option-without-effect',
      level: 'warning',
      path: `${path}.${name}`,
      message: 'Pulumi does not hand this option down, and the component has no fields of its own: it does nothing',
      given: show(value),
      fix: `give it to the objects: { transforms: [({ props, opts }) => ({ props, opts: { ...opts, ${name}: ... } })] }`,
    })),
  ];
}
