import type { typescript } from 'projen';
export function configureApi(_project: typescript.TypeScriptProject): void {}
