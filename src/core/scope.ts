/**
 * Kinds that live outside of namespaces, by API group: what Kubernetes serves, and what widely used operators add.
 * `Cluster.generic({ clusterScopedKinds })` names others.
 */
const CLUSTER_SCOPED: Readonly<Record<string, readonly string[]>> = {
  core: ['Namespace', 'Node', 'PersistentVolume'],
  'admissionregistration.k8s.io': [
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
    'MutatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'ValidatingWebhookConfiguration',
  ],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'apiregistration.k8s.io': ['APIService'],
  'argoproj.io': ['ClusterAnalysisTemplate', 'ClusterWorkflowTemplate'],
  'cert-manager.io': ['ClusterIssuer'],
  'certificates.k8s.io': ['CertificateSigningRequest', 'ClusterTrustBundle'],
  'cilium.io': ['CiliumCIDRGroup', 'CiliumClusterwideNetworkPolicy', 'CiliumLoadBalancerIPPool'],
  'crd.projectcalico.org': ['GlobalNetworkPolicy', 'GlobalNetworkSet', 'HostEndpoint', 'IPPool', 'Tier'],
  'external-secrets.io': ['ClusterExternalSecret', 'ClusterPushSecret', 'ClusterSecretStore'],
  'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
  'gateway.networking.k8s.io': ['GatewayClass'],
  'generators.external-secrets.io': ['ClusterGenerator'],
  'karpenter.k8s.aws': ['EC2NodeClass'],
  'karpenter.sh': ['NodeClaim', 'NodePool'],
  'keda.sh': ['ClusterTriggerAuthentication'],
  'kyverno.io': ['ClusterCleanupPolicy', 'ClusterPolicy'],
  'networking.k8s.io': ['IPAddress', 'IngressClass', 'ServiceCIDR'],
  'node.k8s.io': ['RuntimeClass'],
  'policy.networking.k8s.io': ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy'],
  'postgresql.cnpg.io': ['ClusterImageCatalog'],
  'project.openshift.io': ['Project'],
  'projectcalico.org': ['GlobalNetworkPolicy', 'GlobalNetworkSet', 'HostEndpoint', 'IPPool', 'Tier'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
  'resource.k8s.io': ['DeviceClass', 'ResourceSlice'],
  'scheduling.k8s.io': ['PriorityClass'],
  'security.openshift.io': ['SecurityContextConstraints'],
  'snapshot.storage.k8s.io': ['VolumeSnapshotClass', 'VolumeSnapshotContent'],
  'storage.k8s.io': ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment', 'VolumeAttributesClass'],
  'templates.gatekeeper.sh': ['ConstraintTemplate'],
  'trust.cert-manager.io': ['Bundle'],
};

/** Group whose kinds users make up themselves; all of them are cluster-scoped. */
const GATEKEEPER_CONSTRAINTS = 'constraints.gatekeeper.sh';

/** API group and kind of an object; the group of `v1` is `core`. */
export interface GroupKind {
  /** API group without version. */
  readonly apiGroup: string;
  /** Kind. */
  readonly kind: string;
}

/**
 * Whether objects of a kind live outside of namespaces. cdk8s knows no difference and writes the namespace of the chart
 * into every object, so that two objects of one name look like two.
 *
 * @param others Kinds that the cluster has besides the known ones, as `group/Kind`.
 */
export function isClusterScoped({ apiGroup, kind }: GroupKind, others: ReadonlySet<string> = new Set()): boolean {
  const known = Object.hasOwn(CLUSTER_SCOPED, apiGroup) ? CLUSTER_SCOPED[apiGroup] : undefined;
  return apiGroup === GATEKEEPER_CONSTRAINTS || known?.includes(kind) === true || others.has(`${apiGroup}/${kind}`);
}
