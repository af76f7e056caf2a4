import { type App, YamlOutputType } from 'cdk8s';
import type { Rule } from '../rule';

/** An output mode in which cdk8s overwrites objects of equal kind and name. */
export const filePerResource: Rule = {
  id: 'stack/file-per-resource',
  level: 'error',
  acknowledgeable: false,
  why: 'cdk8s names the files by kind and name only, so equal names in two namespaces overwrite each other',
  fix: 'use YamlOutputType.FILE_PER_CHART or FILE_PER_APP, which also keep the order of the objects',
  check: ({ path, root }) => {
    const mode = (root as Partial<App>).yamlOutputType;
    return mode === YamlOutputType.FILE_PER_RESOURCE || mode === YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE
      ? [{ path, message: 'the app writes one file per resource', given: YamlOutputType[mode] ?? String(mode) }]
      : [];
  },
};
