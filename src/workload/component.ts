import { ApiObject, Lazy } from 'cdk8s';
import type { NetworkPolicyPeerConfig, PodSelectorConfig } from 'cdk8s-plus-28';
import { Construct, type IConstruct } from 'constructs';
import { carries } from '../core/brand';
import { withDefaults } from '../core/defaults';
import { markDrawn } from '../core/drawn';
import type { DeploymentSpec, PodTemplate, ServiceSpec, StatefulSetSpec } from '../core/kubernetes';
import { componentSelector, LABELS, OWN_LABELS, workloadNameProblem } from '../core/identity';
import { type Finding, show } from '../core/errors';
import { nameValue, printable, type Value } from '../core/value';
import { Connections, type IConnectable } from '../network/connections';
import { containersWithPorts, peerConfig, podSelectorConfig } from '../network/pod-selector-peer';
import { SecretRef } from '../secrets/secret-ref';
import { ciliumPolicy } from './cilium-policy';
import { contextOf, type StackContext } from './context';
import { Disruption } from './disruption';
import { refuseWhenSealed } from './sealed';
import { envProblems, type ExtraEnv, renderVariable } from './env';
import { serviceFamilies } from './ip-families';
import { joinMesh } from './mesh-flows';
import {
  COMPONENT_OPTION_CHECKS,
  type ComponentOptions,
  componentOptionProblems,
  podOptionProblems,
  usableOptions,
} from './options';
import { placement, spreadOnly } from './placement';
import { podTemplate } from './pod-template';
import { renderProbe } from './probes';
import { resourcesUnder } from './resources';
import { serviceMonitor } from './service-monitor';
import type { Scaling } from './scaling';
import { type ComponentSpec, versionLabel } from './spec';
import { drawableSidecars } from './sidecars';
import type { CompleteComponentSpec } from './spec-defaults';
import { spreadConstraints, spreadProblems } from './topology-spread';
import { usableSpec } from './usable-spec';

/** A service of a stack, as its clients see it. */
export interface IService extends IConnectable, IConstruct {
  /** Name of the Service, one DNS label: the address inside the namespace. */
  readonly serviceName: string;
  /** Number of the first port. */
  readonly portNumber: number;
  /** `http://<service>:<port>`. */
  readonly url: string;
}

/** What the selector of the headless Service has on top of the other one's. */
const POD_NAMES = { [OWN_LABELS.podNames]: 'true' } as const;

/** Label keys that selectors use. */
export const SELECTOR_KEYS: readonly string[] = [LABELS.name, LABELS.instance, LABELS.component];

/** What Prometheus connects for, in the list of flows. */
export const SCRAPE_REASON = 'scrapes metrics';

/**
 * One service of a product with everything that it needs to run safely: workload, Service, ServiceAccount,
 * NetworkPolicy, PodDisruptionBudget, HorizontalPodAutoscaler and ServiceMonitor, drawn from one plain spec.
 *
 * Which objects exist is decided by the constructor. Methods change their content only, in any order.
 */
export class Component extends Construct implements IService {
  /** Whether a construct is a component, also one of another copy of this package. */
  public static isComponent(construct: IConstruct): construct is Component {
    return carries(construct, COMPONENT);
  }

  /** The spec that the objects are drawn from, with its defaults, the user's scaling and the profile applied. */
  public readonly spec: CompleteComponentSpec;
  /** The user's options. */
  public readonly options: ComponentOptions;
  /** Flows of the component. */
  public readonly connections: Connections;
  /** Labels that select its pods. */
  public readonly selector: Readonly<Record<string, string>>;
  /** Name of the Service and of every other object of the component. */
  public readonly serviceName: string;
  /** The Deployment or StatefulSet. */
  public readonly workload: ApiObject;
  /** The Service. */
  public readonly service: ApiObject;
  /** The governing Service of a StatefulSet, with one DNS name per pod. */
  public readonly headlessService: ApiObject | undefined;
  /** The ServiceAccount, unless the user brought one. */
  public readonly serviceAccount: ApiObject | undefined;
  /** The NetworkPolicy. */
  public readonly networkPolicy: ApiObject;
  /** The ConfigMap with the component's config files. */
  public readonly configMap: ApiObject | undefined;
  /** The PodDisruptionBudget, where there are two replicas or more. */
  public readonly disruptionBudget: ApiObject | undefined;
  /** The HorizontalPodAutoscaler, where one of ours decides on the number of replicas (`Scaling.auto`). */
  public readonly autoscaler: ApiObject | undefined;
  /** The ServiceMonitor, where the stack is monitored and the component has metrics. */
  public readonly serviceMonitor: ApiObject | undefined;
  private readonly context: StackContext;
  private readonly addedEnv = new Map<string, Value<string> | SecretRef>();

  /**
   * What is wrong with either is reported to the stack, all of it in one report, and fails its synthesis.
   *
   * @param spec What the component is: name, image and ports at least. Product classes compute it.
   * @param options What the user tunes.
   */
  constructor(scope: Construct, id: string, spec: ComponentSpec, options: ComponentOptions = {}) {
    super(scope, id);
    Object.defineProperty(this, COMPONENT, { value: true });
    this.context = contextOf(this);
    const { identity, names, settings, cluster, namespaceName } = this.context;
    const usable = usableOptions(this.node.path, options, COMPONENT_OPTION_CHECKS);
    this.options = usable.options;
    const checked = usableSpec(this.node.path, id, spec);
    this.spec = {
      ...checked.spec,
      ...drawableSidecars(this.options.sidecars),
      shutdown: withDefaults(checked.spec.shutdown, this.options.shutdown),
      scaling: this.options.scaling ?? checked.spec.scaling.under(settings),
      resources: resourcesUnder(settings, checked.spec.resources),
    };
    const { component, kind, ports } = this.spec;
    this.selector = Object.freeze(componentSelector(identity, component));
    this.serviceName = names.of(identity, component);
    this.connections = new Connections({
      name: this.serviceName,
      cluster: cluster.name,
      namespace: namespaceName,
      selector: this.selector,
      ports: ports.map(({ port }) => port),
      onEntity: () =>
        ciliumPolicy(this, cluster, { name: this.serviceName, labels: { [LABELS.component]: component } }, () =>
          this.connections.toCiliumPolicySpec(),
        ),
    });
    this.reportProblems([...usable.findings, ...checked.findings]);

    this.serviceAccount =
      this.options.serviceAccount === undefined
        ? this.object('ServiceAccount', 'v1', 'ServiceAccount', { automountServiceAccountToken: false })
        : undefined;
    this.networkPolicy = this.object('NetworkPolicy', 'networking.k8s.io/v1', 'NetworkPolicy', {
      spec: Lazy.any({ produce: () => this.connections.toPolicySpec() }),
    });
    this.configMap = this.createConfigMap();
    this.workload = this.object(
      'Resource',
      'apps/v1',
      kind,
      { spec: Lazy.any({ produce: () => this.workloadSpec() }) },
      { labels: versionLabel(this.spec) },
    );
    this.service = this.object(
      'Service',
      'v1',
      'Service',
      { spec: this.serviceSpec() },
      { labels: { [OWN_LABELS.scrape]: this.serviceName }, annotations: this.options.service?.annotations },
    );
    this.headlessService =
      kind === 'StatefulSet'
        ? this.object('HeadlessService', 'v1', 'Service', { spec: this.headlessSpec() }, { name: this.headlessName })
        : undefined;
    const { scaling } = this.spec;
    this.disruptionBudget =
      scaling.min >= 2
        ? this.object('DisruptionBudget', 'policy/v1', 'PodDisruptionBudget', {
            spec: (this.options.disruption ?? Disruption.maxUnavailable(1)).toSpec(this.selector),
          })
        : undefined;
    const autoscalerSpec = scaling.toAutoscalerSpec({
      kind,
      name: this.serviceName,
      container: this.spec.component,
    });
    this.autoscaler =
      autoscalerSpec === undefined
        ? undefined
        : this.object('Autoscaler', 'autoscaling/v2', 'HorizontalPodAutoscaler', { spec: autoscalerSpec });
    this.serviceMonitor = this.createServiceMonitor();
    this.connectToPlatform();
  }

  /** Number of the first port. */
  public get portNumber(): number {
    return this.spec.ports[0].port.number;
  }

  /** Address inside the namespace: one DNS label, no dot (the gateway's STS check wants that: caracal.md 3.3). */
  public get url(): string {
    return `http://${this.serviceName}:${this.portNumber}`;
  }

  /** Containers with their ports, where cdk8s-plus looks for the ports of a peer. */
  public get containers(): ReturnType<typeof containersWithPorts> {
    return containersWithPorts(this.spec.ports.map(({ port }) => port));
  }

  /** The component as a peer of cdk8s-plus: `deployment.connections.allowTo(component)`. */
  public toNetworkPolicyPeerConfig(): NetworkPolicyPeerConfig {
    return peerConfig({ labels: this.selector, namespace: this.context.namespaceName });
  }

  /** The component as pods of cdk8s-plus. */
  public toPodSelector(): this {
    return this;
  }

  /** What selects the component's pods, as cdk8s-plus writes it. */
  public toPodSelectorConfig(): PodSelectorConfig {
    return podSelectorConfig({ labels: this.selector, namespace: this.context.namespaceName });
  }

  /** Replicas that are always there, and that there may be. */
  public get scaling(): Scaling {
    return this.spec.scaling;
  }

  /** Seconds between the order to stop and SIGKILL. */
  public get terminationGracePeriodSeconds(): number {
    const { preStopSeconds, budgetSeconds, marginSeconds } = this.spec.shutdown;
    return preStopSeconds + budgetSeconds + marginSeconds;
  }

  /** Variables that the user added, by option or by `addEnv`. A copy. */
  public get extraEnv(): ExtraEnv {
    return { ...this.options.env, ...Object.fromEntries(this.addedEnv) };
  }

  /**
   * Adds an environment variable, or a secret as a `SecretRef` where the program reads it from no file. The same
   * variable with the same value may be added again; a variable that the component sets itself, or another value, is
   * reported as an error of the stack.
   */
  public addEnv(name: string, value: Value<string> | SecretRef): void {
    const path = `${this.node.path}.addEnv`;
    refuseWhenSealed(this, path, 'add the variable in the build function of the stack');
    const current = this.addedEnv.get(name) ?? ownValue(this.options.env, name) ?? ownValue(this.spec.env, name);
    nameValue(value, `${this.spec.component}.env.${name}`);
    envProblems(path, { [name]: value }).forEach((finding) => this.context.report(finding));
    if (current !== undefined && !isSame(current, value)) {
      this.context.report({
        id: 'workload/env-taken',
        level: 'error',
        path: `${path}.${name}`,
        message: `${name} is set already, to another value`,
        // A reference is no secret; without quotes it is not taken for one.
        given: SecretRef.isSecretRef(value) ? String(value).replaceAll('"', '') : show(value),
        fix: 'set it once; a JSON patch on the workload is the way around the library',
      });
      return;
    }
    this.addedEnv.set(name, value);
  }

  private get headlessName(): string {
    return `${this.serviceName}-headless`;
  }

  private reportProblems(shape: readonly Finding[]): void {
    const path = this.node.path;
    // Where the component's own part is wrong, that has been said.
    const nameProblem = shape.some(({ path: where }) => where === `${path}.component`)
      ? undefined
      : workloadNameProblem(this.serviceName);
    const content = [
      ...podOptionProblems(path, this.options, this.spec, SELECTOR_KEYS),
      ...componentOptionProblems(path, this.options),
    ];
    const placed = spreadProblems(`${path}.topologySpread`, this.options.topologySpread, this.selector);
    [...shape, ...content, ...placed].forEach((finding) => this.context.report(finding));
    if (nameProblem !== undefined) {
      this.context.report({
        id: 'workload/invalid-name',
        level: 'error',
        path,
        message: `"${this.serviceName}" cannot name its objects: ${nameProblem}`,
        given: show(this.serviceName),
        fix: 'choose a shorter instance in lower-case letters, digits and "-"',
      });
    }
  }

  private object(
    id: string,
    apiVersion: string,
    kind: string,
    fields: Record<string, unknown>,
    metadata: {
      readonly name?: string;
      readonly labels?: Record<string, string>;
      readonly annotations?: Readonly<Record<string, string>>;
    } = {},
  ): ApiObject {
    return markDrawn(
      new ApiObject(this, id, {
        apiVersion,
        kind,
        metadata: {
          name: metadata.name ?? this.serviceName,
          labels: { [LABELS.component]: this.spec.component, ...metadata.labels },
          ...(metadata.annotations === undefined ? {} : { annotations: { ...metadata.annotations } }),
        },
        ...fields,
      }),
    );
  }

  private createConfigMap(): ApiObject | undefined {
    const files = (this.spec.configFiles ?? []).flatMap((each) => Object.entries(each.files));
    return files.length === 0
      ? undefined
      : this.object('ConfigMap', 'v1', 'ConfigMap', {
          data: Object.fromEntries(files.map(([name, text]) => [name, printable(text)])),
        });
  }

  private createServiceMonitor(): ApiObject | undefined {
    const { metrics } = this.spec;
    const { emitsMonitors, cluster } = this.context;
    const { prometheus } = cluster;
    // Where the API is missing, the object would be refused; the stack's rules say so.
    if (metrics === undefined || prometheus === undefined || !emitsMonitors) {
      return undefined;
    }
    return this.object(
      'ServiceMonitor',
      'monitoring.coreos.com/v1',
      'ServiceMonitor',
      // Labels of the Service, not of pods: only ours, for delivery tools rewrite the others.
      { spec: serviceMonitor(metrics, { [OWN_LABELS.scrape]: this.serviceName }) },
      { labels: { ...prometheus.selectorLabels } },
    );
  }

  private connectToPlatform(): void {
    const { dns, prometheus } = this.context.cluster;
    this.connectToMesh();
    if (this.spec.resolvesNames !== false) {
      this.connections.allowTo(dns.peer, { port: dns.ports, reason: 'resolves names' });
    }
    const { metrics } = this.spec;
    // The flow follows the peer, not the ServiceMonitor: a Prometheus without the operator scrapes too.
    if (metrics !== undefined && prometheus !== undefined && this.context.monitored) {
      const endpoint = this.spec.ports.find(({ name }) => name === metrics.port);
      this.connections.allowFrom(prometheus.peer, {
        ...(endpoint === undefined ? {} : { port: endpoint.port }),
        reason: SCRAPE_REASON,
      });
    }
  }

  private connectToMesh(): void {
    const { ports, probes, sidecars = [], resolvesNames = true } = this.spec;
    if (this.options.sidecarInjection === 'disabled') {
      return;
    }
    const asked = Object.values(probes).some(({ ask }) => !('exec' in ask));
    joinMesh(this.context, {
      connections: this.connections,
      probedPorts: [
        ...(asked ? [ports[0].port] : []),
        ...sidecars.flatMap(({ ready }) => (ready !== undefined && 'port' in ready ? [ready.port] : [])),
      ],
      resolvesNames,
    });
  }

  private workloadSpec(): DeploymentSpec | StatefulSetSpec {
    const { scaling, kind } = this.spec;
    const common = {
      ...(scaling.isAutoscaled ? {} : { replicas: scaling.min }),
      revisionHistoryLimit: this.options.revisionHistoryLimit ?? 5,
      selector: { matchLabels: { ...this.selector } },
      template: this.template(),
    };
    if (kind === 'Deployment') {
      return { ...common, strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } };
    }
    return {
      ...common,
      serviceName: this.headlessName,
      // The replicas do not depend on each other; in order, one pod that is not ready would block all (caracal W26).
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate' },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      ...this.claimTemplates(),
    };
  }

  // No labels: Kubernetes refuses every later change of a claim template, and a version label changes (caracal W1).
  private claimTemplates(): Pick<StatefulSetSpec, 'volumeClaimTemplates'> {
    const { storage = [] } = this.spec;
    if (storage.length === 0) {
      return {};
    }
    return {
      // Kind and mode are what the server would add by itself. It adds them inside a list that tools compare as a whole.
      volumeClaimTemplates: storage.map(({ volume, size, storageClass = this.context.cluster.storageClass }) => ({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: volume },
        spec: {
          accessModes: ['ReadWriteOnce'],
          volumeMode: 'Filesystem',
          ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
          resources: { requests: { storage: size } },
        },
      })),
    };
  }

  private template(): PodTemplate {
    const { spec, options } = this;
    const [{ name: firstPort }] = spec.ports;
    const placed =
      options.topologySpread === undefined
        ? placement(this.context, {
            selector: this.selector,
            kind: spec.kind,
            most: spec.scaling.max,
            sharesClaim: (options.volumes ?? []).some(({ volume }) => volume.persistentVolumeClaim !== undefined),
          })
        : spreadOnly(spreadConstraints(options.topologySpread, this.selector));
    const env: ExtraEnv = Object.fromEntries(this.addedEnv);
    return podTemplate(
      this.context,
      this.selector,
      { serviceAccount: this.serviceName, configMap: this.serviceName },
      spec,
      options,
      {
        env,
        sidecarInjection: 'mesh-default',
        ...(spec.kind === 'StatefulSet' ? { labels: POD_NAMES } : {}),
        claimMounts: (spec.storage ?? []).map(({ volume, mountPath }) => ({ name: volume, mountPath })),
        container: {
          ports: spec.ports.map(({ name, port }) => ({ name, containerPort: port.number, protocol: port.protocol })),
          startupProbe: renderProbe(spec.probes.startup, firstPort),
          readinessProbe: renderProbe(spec.probes.readiness, firstPort),
          livenessProbe: renderProbe(spec.probes.liveness, firstPort),
          lifecycle: { preStop: { sleep: { seconds: spec.shutdown.preStopSeconds } } },
        },
        pod: {
          terminationGracePeriodSeconds: this.terminationGracePeriodSeconds,
          ...placed,
        },
      },
    );
  }

  private get families(): ReturnType<typeof serviceFamilies> {
    return serviceFamilies(this.context.cluster, this.spec.ipFamilies);
  }

  private serviceSpec(): ServiceSpec {
    return { type: 'ClusterIP', ...this.families, selector: { ...this.selector }, ports: this.servicePorts() };
  }

  private headlessSpec(): ServiceSpec {
    return {
      clusterIP: 'None',
      ...this.families,
      // A pod that is not ready is the one that somebody wants to reach by its own name.
      publishNotReadyAddresses: true,
      selector: { ...this.selector, ...POD_NAMES },
      ports: this.servicePorts(),
    };
  }

  private servicePorts(): NonNullable<ServiceSpec['ports']> {
    return this.spec.ports.map(({ name, port }) => ({
      name,
      port: port.number,
      targetPort: name,
      protocol: port.protocol,
    }));
  }
}

// `constructor` and the like are names of variables too.
function ownValue(env: ExtraEnv | undefined, name: string): Value<string> | SecretRef | undefined {
  return env !== undefined && Object.hasOwn(env, name) ? env[name] : undefined;
}

function isSame(a: Value<string> | SecretRef, b: Value<string> | SecretRef): boolean {
  return JSON.stringify(renderVariable('', a)) === JSON.stringify(renderVariable('', b));
}

const COMPONENT = Symbol.for('cdk8s-selfhosted.Component');
