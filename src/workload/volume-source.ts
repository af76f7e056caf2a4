import { dnsNameProblem, freeTextProblem, labelKeyProblem, labelValueProblem } from '../core/text';
import {
  anything,
  type FieldCheck,
  type Fields,
  flag,
  isFields,
  list,
  metadata,
  mode,
  object,
  oneOf,
  path,
  positiveQuantity,
  quantity,
  text,
  texts,
  wholeNumber,
} from './volume-fields';

const name: FieldCheck = (field, value) => {
  const problem = typeof value === 'string' && value !== '' ? dnsNameProblem(value) : 'it is required';
  return problem === undefined ? undefined : `${field}: ${problem}`;
};

// Drivers may be written in upper case.
const driver: FieldCheck = (field, value) => {
  const short = typeof value === 'string' && value.length <= 63;
  return short ? name(field, value.toLowerCase()) : `${field} is the name of a driver of at most 63 characters`;
};

const key: FieldCheck = (field, value) => (value === '' ? `${field} is required` : text(field, value));

const items = list(object({ key, path, mode }, ['key', 'path']));

const FIELD_PATH = /^metadata\.(?:name|namespace|uid|labels|annotations|(?:labels|annotations)\['(.+)'\])$/;
const RESOURCE = /^(?:limits|requests)\.(?:cpu|memory|ephemeral-storage)$/;

const fieldRef = object(
  {
    apiVersion: oneOf('v1'),
    fieldPath: (field, value) => {
      const match = typeof value === 'string' ? FIELD_PATH.exec(value) : null;
      const [, label = 'a'] = match ?? [];
      return match !== null && labelKeyProblem(label) === undefined
        ? undefined
        : `${field} must be metadata.name, .namespace, .uid, .labels or .annotations`;
    },
  },
  ['fieldPath'],
);

// The units that fit the kind of the amount.
const divisorProblem = (resource: string, divisor: unknown): string | undefined =>
  (resource.endsWith('.cpu') ? /^(?:0|1m?)$/ : /^(?:0|1(?:[kMGTPE]|[KMGTPE]i)?)$/).test(String(divisor))
    ? undefined
    : 'resourceFieldRef.divisor must be one unit of the resource, such as "1Mi"';

const resourceFieldRef: FieldCheck = (field, value) =>
  object(
    {
      containerName: key,
      resource: (inner, resource) =>
        typeof resource === 'string' && RESOURCE.test(resource)
          ? undefined
          : `${inner} must be a request or limit of cpu, memory or ephemeral-storage`,
      divisor: anything,
    },
    ['containerName', 'resource'],
  )(field, value) ?? divisorProblem(String((value as Fields).resource), (value as Fields).divisor ?? '0');

const downwardItems = list(
  (field, value) =>
    object({ path, mode, fieldRef, resourceFieldRef }, ['path'])(field, value) ??
    (((value as Fields).fieldRef === undefined) === ((value as Fields).resourceFieldRef === undefined)
      ? `${field} needs fieldRef or resourceFieldRef, not both`
      : undefined),
);

const SECONDS_MOST = 2 ** 32;
const token = object({ path, audience: text, expirationSeconds: wholeNumber(600, SECONDS_MOST) }, ['path']);

const PROJECTED: Readonly<Record<string, FieldCheck>> = {
  secret: object({ name, items, optional: flag }, ['name']),
  configMap: object({ name, items, optional: flag }, ['name']),
  downwardAPI: object({ items: downwardItems }),
  serviceAccountToken: token,
};

const projected: FieldCheck = (field, value) => {
  const kinds = isFields(value) ? Object.keys(value).filter((kind) => value[kind] !== undefined) : [];
  const [kind] = kinds;
  const check = kinds.length === 1 && Object.hasOwn(PROJECTED, kind ?? '') ? PROJECTED[kind ?? ''] : undefined;
  return check === undefined
    ? `each of ${field} has exactly one kind: ${Object.keys(PROJECTED).join(', ')}`
    : check(`projected ${kind}`, (value as Fields)[kind ?? '']);
};

const ACCESS_MODES = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];

const claim = object(
  {
    accessModes: (field, value) =>
      list(oneOf(...ACCESS_MODES))(field, value) ??
      ((value as unknown[]).length === 0 ||
      ((value as unknown[]).includes('ReadWriteOncePod') && (value as unknown[]).length > 1)
        ? `${field} has one mode or more, and "ReadWriteOncePod" stands alone`
        : undefined),
    resources: object(
      { requests: object({ storage: positiveQuantity }, ['storage']), limits: object({ storage: positiveQuantity }) },
      ['requests'],
    ),
    storageClassName: (field, value) => (value === '' ? undefined : name(field, value)),
    // A block device has no folder to mount.
    volumeMode: oneOf('Filesystem'),
    ...{ selector: anything, volumeName: text, dataSource: anything, dataSourceRef: anything },
    volumeAttributesClassName: name,
  },
  ['accessModes', 'resources'],
);

const template = object(
  {
    metadata: object({ labels: metadata(labelValueProblem), annotations: metadata(freeTextProblem) }),
    spec: claim,
  },
  ['spec'],
);

const MEDIA = ['', 'Memory', 'HugePages', 'HugePages-2Mi', 'HugePages-1Gi'];

const SOURCES: Readonly<Record<string, FieldCheck>> = {
  configMap: object({ name, items, defaultMode: mode, optional: flag }, ['name']),
  csi: object(
    { driver, readOnly: flag, fsType: text, volumeAttributes: texts, nodePublishSecretRef: object({ name }, ['name']) },
    ['driver'],
  ),
  downwardAPI: object({ items: downwardItems, defaultMode: mode }),
  emptyDir: object({ sizeLimit: quantity, medium: oneOf(...MEDIA) }),
  ephemeral: object({ volumeClaimTemplate: template }, ['volumeClaimTemplate']),
  persistentVolumeClaim: object({ claimName: name, readOnly: flag }, ['claimName']),
  projected: object({ sources: list(projected), defaultMode: mode }),
  secret: object({ secretName: name, items, defaultMode: mode, optional: flag }, ['secretName']),
};

/**
 * What is wrong with where a volume comes from, or undefined: whatever the API server refuses of a kind that Pod Security
 * `restricted` admits, a name that no object can have (the pod would wait for ever), and files that hide each other.
 */
export function volumeSourceProblem(kind: string, source: Fields): string | undefined {
  return SOURCES[kind]?.(kind, source) ?? overlapProblem(filesOf(source));
}

/** Files that a volume names, of all its sources. */
function filesOf(source: Fields): string[] {
  const own = Array.isArray(source.items) ? (source.items as Fields[]).map((item) => String(item.path)) : [];
  const inner = Array.isArray(source.sources)
    ? (source.sources as Fields[]).flatMap((each) =>
        Object.values(each)
          .filter(isFields)
          .flatMap((fields) => {
            const { path: file } = fields as Fields;
            return typeof file === 'string' ? [file] : filesOf(fields as Fields);
          }),
      )
    : [];
  return [...own, ...inner];
}

/** What is wrong with files of one volume that hide each other, or undefined. */
export function overlapProblem(files: readonly string[]): string | undefined {
  const plain = files.map((file) =>
    file
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .join('/'),
  );
  const twice = plain.find((file, index) =>
    plain.some((other, place) => place !== index && (other === file || other.startsWith(`${file}/`))),
  );
  return twice === undefined ? undefined : `two files of the volume are in the place of "${twice}"`;
}
