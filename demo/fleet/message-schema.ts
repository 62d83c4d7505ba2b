/** What a field of a message is, besides another message: what the Go types of the API server write. */
export type PlainType =
  | 'text'
  | 'int'
  | 'flag'
  | 'map'
  | 'quantities'
  | 'Time'
  | 'MicroTime'
  | 'Quantity'
  | 'IntOrString'
  | 'FieldsV1';

/** One field of a message. */
export interface Field {
  /** Its name in JSON; absent where the fields of the message stand in the JSON object itself. */
  readonly name: string | undefined;
  readonly number: number;
  readonly type: PlainType | Message;
  /** `always`: written even when empty; `if there`: a pointer in Go; `list`: each item is written. */
  readonly written: 'always' | 'if there' | 'list';
}

/** The fields of a message, by number. */
export interface Message {
  readonly fields: readonly Field[];
}

/**
 * The messages of what is sent as protobuf (field numbers: generated.proto of the Kubernetes API, 1.35), as
 * `name=number:type`. `?` is a pointer, `[]` a list, and `.` a message whose fields stand in the JSON object itself.
 */
const texts = {
  Pod: 'metadata=1:ObjectMeta spec=2:PodSpec status=3:PodStatus',
  Event: `
    metadata=1:ObjectMeta involvedObject=2:ObjectReference reason=3:text message=4:text source=5:EventSource
    firstTimestamp=6:Time lastTimestamp=7:Time count=8:int type=9:text eventTime=10:MicroTime
    series=11:EventSeries? action=12:text related=13:ObjectReference? reportingComponent=14:text
    reportingInstance=15:text`,
  ReplicaSet: 'metadata=1:ObjectMeta spec=2:ReplicaSetSpec status=3:ReplicaSetStatus',
  Status: 'metadata=1:ListMeta status=2:text message=3:text reason=4:text details=5:StatusDetails? code=6:int',
  ListMeta: 'selfLink=1:text resourceVersion=2:text continue=3:text remainingItemCount=4:int?',
  ObjectMeta: `
    name=1:text generateName=2:text namespace=3:text selfLink=4:text uid=5:text resourceVersion=6:text
    generation=7:int creationTimestamp=8:Time deletionTimestamp=9:Time? deletionGracePeriodSeconds=10:int?
    labels=11:map annotations=12:map ownerReferences=13:OwnerReference[] finalizers=14:text[]
    managedFields=17:ManagedFieldsEntry[]`,
  PodSpec: `
    volumes=1:Volume[] containers=2:Container[] restartPolicy=3:text terminationGracePeriodSeconds=4:int?
    activeDeadlineSeconds=5:int? dnsPolicy=6:text nodeSelector=7:map serviceAccountName=8:text
    serviceAccount=9:text nodeName=10:text hostNetwork=11:flag hostPID=12:flag hostIPC=13:flag
    securityContext=14:PodSecurityContext? imagePullSecrets=15:LocalObjectReference[] hostname=16:text
    subdomain=17:text affinity=18:Affinity? schedulerName=19:text initContainers=20:Container[]
    automountServiceAccountToken=21:flag? tolerations=22:Toleration[] hostAliases=23:HostAlias[]
    priorityClassName=24:text priority=25:int? dnsConfig=26:PodDNSConfig? shareProcessNamespace=27:flag?
    readinessGates=28:PodReadinessGate[] runtimeClassName=29:text? enableServiceLinks=30:flag?
    preemptionPolicy=31:text? overhead=32:quantities topologySpreadConstraints=33:TopologySpreadConstraint[]
    ephemeralContainers=34:EphemeralContainer[] setHostnameAsFQDN=35:flag? os=36:PodOS? hostUsers=37:flag?
    schedulingGates=38:PodSchedulingGate[] resourceClaims=39:PodResourceClaim[] resources=40:ResourceRequirements?
    hostnameOverride=41:text?`,
  PodStatus: `
    phase=1:text conditions=2:PodCondition[] message=3:text reason=4:text hostIP=5:text podIP=6:text
    startTime=7:Time? containerStatuses=8:ContainerStatus[] qosClass=9:text
    initContainerStatuses=10:ContainerStatus[] nominatedNodeName=11:text podIPs=12:PodIP[]
    ephemeralContainerStatuses=13:ContainerStatus[] resize=14:text
    resourceClaimStatuses=15:PodResourceClaimStatus[] hostIPs=16:HostIP[] observedGeneration=17:int
    extendedResourceClaimStatus=18:PodExtendedResourceClaimStatus? allocatedResources=19:quantities
    resources=20:ResourceRequirements?`,
  ObjectReference: `
    kind=1:text namespace=2:text name=3:text uid=4:text apiVersion=5:text resourceVersion=6:text fieldPath=7:text`,
  EventSource: 'component=1:text host=2:text',
  EventSeries: 'count=1:int lastObservedTime=2:MicroTime',
  ReplicaSetSpec: 'replicas=1:int? selector=2:LabelSelector? template=3:PodTemplateSpec minReadySeconds=4:int',
  ReplicaSetStatus: `
    replicas=1:int fullyLabeledReplicas=2:int observedGeneration=3:int readyReplicas=4:int availableReplicas=5:int
    conditions=6:ReplicaSetCondition[] terminatingReplicas=7:int?`,
  StatusDetails: 'name=1:text group=2:text kind=3:text causes=4:StatusCause[] retryAfterSeconds=5:int uid=6:text',
  OwnerReference: `
    kind=1:text name=3:text uid=4:text apiVersion=5:text controller=6:flag? blockOwnerDeletion=7:flag?`,
  ManagedFieldsEntry: `
    manager=1:text operation=2:text apiVersion=3:text time=4:Time? fieldsType=6:text fieldsV1=7:FieldsV1?
    subresource=8:text`,
  Volume: 'name=1:text .=2:VolumeSource',
  Container: `
    name=1:text image=2:text command=3:text[] args=4:text[] workingDir=5:text ports=6:ContainerPort[]
    env=7:EnvVar[] resources=8:ResourceRequirements volumeMounts=9:VolumeMount[] livenessProbe=10:Probe?
    readinessProbe=11:Probe? lifecycle=12:Lifecycle? terminationMessagePath=13:text imagePullPolicy=14:text
    securityContext=15:SecurityContext? stdin=16:flag stdinOnce=17:flag tty=18:flag envFrom=19:EnvFromSource[]
    terminationMessagePolicy=20:text volumeDevices=21:VolumeDevice[] startupProbe=22:Probe?
    resizePolicy=23:ContainerResizePolicy[] restartPolicy=24:text? restartPolicyRules=25:ContainerRestartRule[]`,
  PodSecurityContext: `
    seLinuxOptions=1:SELinuxOptions? runAsUser=2:int? runAsNonRoot=3:flag? supplementalGroups=4:int[]
    fsGroup=5:int? runAsGroup=6:int? sysctls=7:Sysctl[] windowsOptions=8:WindowsSecurityContextOptions?
    fsGroupChangePolicy=9:text? seccompProfile=10:SeccompProfile? appArmorProfile=11:AppArmorProfile?
    supplementalGroupsPolicy=12:text? seLinuxChangePolicy=13:text?`,
  LocalObjectReference: 'name=1:text',
  Affinity: 'nodeAffinity=1:NodeAffinity? podAffinity=2:PodAffinity? podAntiAffinity=3:PodAntiAffinity?',
  Toleration: 'key=1:text operator=2:text value=3:text effect=4:text tolerationSeconds=5:int?',
  HostAlias: 'ip=1:text hostnames=2:text[]',
  PodDNSConfig: 'nameservers=1:text[] searches=2:text[] options=3:PodDNSConfigOption[]',
  PodReadinessGate: 'conditionType=1:text',
  TopologySpreadConstraint: `
    maxSkew=1:int topologyKey=2:text whenUnsatisfiable=3:text labelSelector=4:LabelSelector? minDomains=5:int?
    nodeAffinityPolicy=6:text? nodeTaintsPolicy=7:text? matchLabelKeys=8:text[]`,
  EphemeralContainer: '.=1:EphemeralContainerCommon targetContainerName=2:text',
  PodOS: 'name=1:text',
  PodSchedulingGate: 'name=1:text',
  PodResourceClaim: 'name=1:text resourceClaimName=3:text? resourceClaimTemplateName=4:text?',
  ResourceRequirements: 'limits=1:quantities requests=2:quantities claims=3:ResourceClaim[]',
  PodCondition: `
    type=1:text status=2:text lastProbeTime=3:Time lastTransitionTime=4:Time reason=5:text message=6:text
    observedGeneration=7:int`,
  ContainerStatus: `
    name=1:text state=2:ContainerState lastState=3:ContainerState ready=4:flag restartCount=5:int image=6:text
    imageID=7:text containerID=8:text started=9:flag? allocatedResources=10:quantities
    resources=11:ResourceRequirements? volumeMounts=12:VolumeMountStatus[] user=13:ContainerUser?
    allocatedResourcesStatus=14:ResourceStatus[] stopSignal=15:text?`,
  PodIP: 'ip=1:text',
  PodResourceClaimStatus: 'name=1:text resourceClaimName=2:text?',
  HostIP: 'ip=1:text',
  PodExtendedResourceClaimStatus: 'requestMappings=1:ContainerExtendedResourceRequest[] resourceClaimName=2:text',
  LabelSelector: 'matchLabels=1:map matchExpressions=2:LabelSelectorRequirement[]',
  PodTemplateSpec: 'metadata=1:ObjectMeta spec=2:PodSpec',
  ReplicaSetCondition: 'type=1:text status=2:text lastTransitionTime=3:Time reason=4:text message=5:text',
  StatusCause: 'reason=1:text message=2:text field=3:text',
  VolumeSource: `
    hostPath=1:HostPathVolumeSource? emptyDir=2:EmptyDirVolumeSource?
    gcePersistentDisk=3:GCEPersistentDiskVolumeSource? awsElasticBlockStore=4:AWSElasticBlockStoreVolumeSource?
    gitRepo=5:GitRepoVolumeSource? secret=6:SecretVolumeSource? nfs=7:NFSVolumeSource? iscsi=8:ISCSIVolumeSource?
    glusterfs=9:GlusterfsVolumeSource? persistentVolumeClaim=10:PersistentVolumeClaimVolumeSource?
    rbd=11:RBDVolumeSource? flexVolume=12:FlexVolumeSource? cinder=13:CinderVolumeSource?
    cephfs=14:CephFSVolumeSource? flocker=15:FlockerVolumeSource? downwardAPI=16:DownwardAPIVolumeSource?
    fc=17:FCVolumeSource? azureFile=18:AzureFileVolumeSource? configMap=19:ConfigMapVolumeSource?
    vsphereVolume=20:VsphereVirtualDiskVolumeSource? quobyte=21:QuobyteVolumeSource?
    azureDisk=22:AzureDiskVolumeSource? photonPersistentDisk=23:PhotonPersistentDiskVolumeSource?
    portworxVolume=24:PortworxVolumeSource? scaleIO=25:ScaleIOVolumeSource? projected=26:ProjectedVolumeSource?
    storageos=27:StorageOSVolumeSource? csi=28:CSIVolumeSource? ephemeral=29:EphemeralVolumeSource?
    image=30:ImageVolumeSource?`,
  ContainerPort: 'name=1:text hostPort=2:int containerPort=3:int protocol=4:text hostIP=5:text',
  EnvVar: 'name=1:text value=2:text valueFrom=3:EnvVarSource?',
  VolumeMount: `
    name=1:text readOnly=2:flag mountPath=3:text subPath=4:text mountPropagation=5:text? subPathExpr=6:text
    recursiveReadOnly=7:text?`,
  Probe: `
    .=1:ProbeHandler initialDelaySeconds=2:int timeoutSeconds=3:int periodSeconds=4:int successThreshold=5:int
    failureThreshold=6:int terminationGracePeriodSeconds=7:int?`,
  Lifecycle: 'postStart=1:LifecycleHandler? preStop=2:LifecycleHandler? stopSignal=3:text?',
  SecurityContext: `
    capabilities=1:Capabilities? privileged=2:flag? seLinuxOptions=3:SELinuxOptions? runAsUser=4:int?
    runAsNonRoot=5:flag? readOnlyRootFilesystem=6:flag? allowPrivilegeEscalation=7:flag? runAsGroup=8:int?
    procMount=9:text? windowsOptions=10:WindowsSecurityContextOptions? seccompProfile=11:SeccompProfile?
    appArmorProfile=12:AppArmorProfile?`,
  EnvFromSource: 'prefix=1:text configMapRef=2:ConfigMapEnvSource? secretRef=3:SecretEnvSource?',
  VolumeDevice: 'name=1:text devicePath=2:text',
  ContainerResizePolicy: 'resourceName=1:text restartPolicy=2:text',
  ContainerRestartRule: 'action=1:text exitCodes=2:ContainerRestartRuleOnExitCodes?',
  SELinuxOptions: 'user=1:text role=2:text type=3:text level=4:text',
  Sysctl: 'name=1:text value=2:text',
  WindowsSecurityContextOptions: `
    gmsaCredentialSpecName=1:text? gmsaCredentialSpec=2:text? runAsUserName=3:text? hostProcess=4:flag?`,
  SeccompProfile: 'type=1:text localhostProfile=2:text?',
  AppArmorProfile: 'type=1:text localhostProfile=2:text?',
  NodeAffinity: `
    requiredDuringSchedulingIgnoredDuringExecution=1:NodeSelector?
    preferredDuringSchedulingIgnoredDuringExecution=2:PreferredSchedulingTerm[]`,
  PodAffinity: `
    requiredDuringSchedulingIgnoredDuringExecution=1:PodAffinityTerm[]
    preferredDuringSchedulingIgnoredDuringExecution=2:WeightedPodAffinityTerm[]`,
  PodAntiAffinity: `
    requiredDuringSchedulingIgnoredDuringExecution=1:PodAffinityTerm[]
    preferredDuringSchedulingIgnoredDuringExecution=2:WeightedPodAffinityTerm[]`,
  PodDNSConfigOption: 'name=1:text value=2:text?',
  EphemeralContainerCommon: `
    name=1:text image=2:text command=3:text[] args=4:text[] workingDir=5:text ports=6:ContainerPort[]
    env=7:EnvVar[] resources=8:ResourceRequirements volumeMounts=9:VolumeMount[] livenessProbe=10:Probe?
    readinessProbe=11:Probe? lifecycle=12:Lifecycle? terminationMessagePath=13:text imagePullPolicy=14:text
    securityContext=15:SecurityContext? stdin=16:flag stdinOnce=17:flag tty=18:flag envFrom=19:EnvFromSource[]
    terminationMessagePolicy=20:text volumeDevices=21:VolumeDevice[] startupProbe=22:Probe?
    resizePolicy=23:ContainerResizePolicy[] restartPolicy=24:text? restartPolicyRules=25:ContainerRestartRule[]`,
  ResourceClaim: 'name=1:text request=2:text',
  ContainerState: `
    waiting=1:ContainerStateWaiting? running=2:ContainerStateRunning? terminated=3:ContainerStateTerminated?`,
  VolumeMountStatus: 'name=1:text mountPath=2:text readOnly=3:flag recursiveReadOnly=4:text?',
  ContainerUser: 'linux=1:LinuxContainerUser?',
  ResourceStatus: 'name=1:text resources=2:ResourceHealth[]',
  ContainerExtendedResourceRequest: 'containerName=1:text resourceName=2:text requestName=3:text',
  LabelSelectorRequirement: 'key=1:text operator=2:text values=3:text[]',
  HostPathVolumeSource: 'path=1:text type=2:text?',
  EmptyDirVolumeSource: 'medium=1:text sizeLimit=2:Quantity?',
  GCEPersistentDiskVolumeSource: 'pdName=1:text fsType=2:text partition=3:int readOnly=4:flag',
  AWSElasticBlockStoreVolumeSource: 'volumeID=1:text fsType=2:text partition=3:int readOnly=4:flag',
  GitRepoVolumeSource: 'repository=1:text revision=2:text directory=3:text',
  SecretVolumeSource: 'secretName=1:text items=2:KeyToPath[] defaultMode=3:int? optional=4:flag?',
  NFSVolumeSource: 'server=1:text path=2:text readOnly=3:flag',
  ISCSIVolumeSource: `
    targetPortal=1:text iqn=2:text lun=3:int iscsiInterface=4:text fsType=5:text readOnly=6:flag portals=7:text[]
    chapAuthDiscovery=8:flag secretRef=10:LocalObjectReference? chapAuthSession=11:flag initiatorName=12:text?`,
  GlusterfsVolumeSource: 'endpoints=1:text path=2:text readOnly=3:flag',
  PersistentVolumeClaimVolumeSource: 'claimName=1:text readOnly=2:flag',
  RBDVolumeSource: `
    monitors=1:text[] image=2:text fsType=3:text pool=4:text user=5:text keyring=6:text
    secretRef=7:LocalObjectReference? readOnly=8:flag`,
  FlexVolumeSource: 'driver=1:text fsType=2:text secretRef=3:LocalObjectReference? readOnly=4:flag options=5:map',
  CinderVolumeSource: 'volumeID=1:text fsType=2:text readOnly=3:flag secretRef=4:LocalObjectReference?',
  CephFSVolumeSource: `
    monitors=1:text[] path=2:text user=3:text secretFile=4:text secretRef=5:LocalObjectReference? readOnly=6:flag`,
  FlockerVolumeSource: 'datasetName=1:text datasetUUID=2:text',
  DownwardAPIVolumeSource: 'items=1:DownwardAPIVolumeFile[] defaultMode=2:int?',
  FCVolumeSource: 'targetWWNs=1:text[] lun=2:int? fsType=3:text readOnly=4:flag wwids=5:text[]',
  AzureFileVolumeSource: 'secretName=1:text shareName=2:text readOnly=3:flag',
  ConfigMapVolumeSource: '.=1:LocalObjectReference items=2:KeyToPath[] defaultMode=3:int? optional=4:flag?',
  VsphereVirtualDiskVolumeSource: 'volumePath=1:text fsType=2:text storagePolicyName=3:text storagePolicyID=4:text',
  QuobyteVolumeSource: 'registry=1:text volume=2:text readOnly=3:flag user=4:text group=5:text tenant=6:text',
  AzureDiskVolumeSource: `
    diskName=1:text diskURI=2:text cachingMode=3:text? fsType=4:text? readOnly=5:flag? kind=6:text?`,
  PhotonPersistentDiskVolumeSource: 'pdID=1:text fsType=2:text',
  PortworxVolumeSource: 'volumeID=1:text fsType=2:text readOnly=3:flag',
  ScaleIOVolumeSource: `
    gateway=1:text system=2:text secretRef=3:LocalObjectReference? sslEnabled=4:flag protectionDomain=5:text
    storagePool=6:text storageMode=7:text volumeName=8:text fsType=9:text readOnly=10:flag`,
  ProjectedVolumeSource: 'sources=1:VolumeProjection[] defaultMode=2:int?',
  StorageOSVolumeSource: `
    volumeName=1:text volumeNamespace=2:text fsType=3:text readOnly=4:flag secretRef=5:LocalObjectReference?`,
  CSIVolumeSource: `
    driver=1:text readOnly=2:flag? fsType=3:text? volumeAttributes=4:map
    nodePublishSecretRef=5:LocalObjectReference?`,
  EphemeralVolumeSource: 'volumeClaimTemplate=1:PersistentVolumeClaimTemplate?',
  ImageVolumeSource: 'reference=1:text pullPolicy=2:text',
  EnvVarSource: `
    fieldRef=1:ObjectFieldSelector? resourceFieldRef=2:ResourceFieldSelector?
    configMapKeyRef=3:ConfigMapKeySelector? secretKeyRef=4:SecretKeySelector? fileKeyRef=5:FileKeySelector?`,
  ProbeHandler: 'exec=1:ExecAction? httpGet=2:HTTPGetAction? tcpSocket=3:TCPSocketAction? grpc=4:GRPCAction?',
  LifecycleHandler: 'exec=1:ExecAction? httpGet=2:HTTPGetAction? tcpSocket=3:TCPSocketAction? sleep=4:SleepAction?',
  Capabilities: 'add=1:text[] drop=2:text[]',
  ConfigMapEnvSource: '.=1:LocalObjectReference optional=2:flag?',
  SecretEnvSource: '.=1:LocalObjectReference optional=2:flag?',
  ContainerRestartRuleOnExitCodes: 'operator=1:text values=2:int[]',
  NodeSelector: 'nodeSelectorTerms=1:NodeSelectorTerm[]',
  PreferredSchedulingTerm: 'weight=1:int preference=2:NodeSelectorTerm',
  PodAffinityTerm: `
    labelSelector=1:LabelSelector? namespaces=2:text[] topologyKey=3:text namespaceSelector=4:LabelSelector?
    matchLabelKeys=5:text[] mismatchLabelKeys=6:text[]`,
  WeightedPodAffinityTerm: 'weight=1:int podAffinityTerm=2:PodAffinityTerm',
  ContainerStateWaiting: 'reason=1:text message=2:text',
  ContainerStateRunning: 'startedAt=1:Time',
  ContainerStateTerminated: `
    exitCode=1:int signal=2:int reason=3:text message=4:text startedAt=5:Time finishedAt=6:Time containerID=7:text`,
  LinuxContainerUser: 'uid=1:int gid=2:int supplementalGroups=3:int[]',
  ResourceHealth: 'resourceID=1:text health=2:text',
  KeyToPath: 'key=1:text path=2:text mode=3:int?',
  DownwardAPIVolumeFile: `
    path=1:text fieldRef=2:ObjectFieldSelector? resourceFieldRef=3:ResourceFieldSelector? mode=4:int?`,
  VolumeProjection: `
    secret=1:SecretProjection? downwardAPI=2:DownwardAPIProjection? configMap=3:ConfigMapProjection?
    serviceAccountToken=4:ServiceAccountTokenProjection? clusterTrustBundle=5:ClusterTrustBundleProjection?
    podCertificate=6:PodCertificateProjection?`,
  PersistentVolumeClaimTemplate: 'metadata=1:ObjectMeta spec=2:PersistentVolumeClaimSpec',
  ObjectFieldSelector: 'apiVersion=1:text fieldPath=2:text',
  ResourceFieldSelector: 'containerName=1:text resource=2:text divisor=3:Quantity',
  ConfigMapKeySelector: '.=1:LocalObjectReference key=2:text optional=3:flag?',
  SecretKeySelector: '.=1:LocalObjectReference key=2:text optional=3:flag?',
  FileKeySelector: 'volumeName=1:text path=2:text key=3:text optional=4:flag?',
  ExecAction: 'command=1:text[]',
  HTTPGetAction: 'path=1:text port=2:IntOrString host=3:text scheme=4:text httpHeaders=5:HTTPHeader[]',
  TCPSocketAction: 'port=1:IntOrString host=2:text',
  GRPCAction: 'port=1:int service=2:text?',
  SleepAction: 'seconds=1:int',
  NodeSelectorTerm: 'matchExpressions=1:NodeSelectorRequirement[] matchFields=2:NodeSelectorRequirement[]',
  SecretProjection: '.=1:LocalObjectReference items=2:KeyToPath[] optional=4:flag?',
  DownwardAPIProjection: 'items=1:DownwardAPIVolumeFile[]',
  ConfigMapProjection: '.=1:LocalObjectReference items=2:KeyToPath[] optional=4:flag?',
  ServiceAccountTokenProjection: 'audience=1:text expirationSeconds=2:int? path=3:text',
  ClusterTrustBundleProjection: `
    name=1:text? signerName=2:text? labelSelector=3:LabelSelector? path=4:text optional=5:flag?`,
  PodCertificateProjection: `
    signerName=1:text keyType=2:text maxExpirationSeconds=3:int? credentialBundlePath=4:text keyPath=5:text
    certificateChainPath=6:text`,
  PersistentVolumeClaimSpec: `
    accessModes=1:text[] resources=2:VolumeResourceRequirements volumeName=3:text selector=4:LabelSelector?
    storageClassName=5:text? volumeMode=6:text? dataSource=7:TypedLocalObjectReference?
    dataSourceRef=8:TypedObjectReference? volumeAttributesClassName=9:text?`,
  HTTPHeader: 'name=1:text value=2:text',
  NodeSelectorRequirement: 'key=1:text operator=2:text values=3:text[]',
  VolumeResourceRequirements: 'limits=1:quantities requests=2:quantities',
  TypedLocalObjectReference: 'apiGroup=1:text? kind=2:text name=3:text',
  TypedObjectReference: 'apiGroup=1:text? kind=2:text name=3:text namespace=4:text?',
  TypeMeta: 'apiVersion=1:text kind=2:text',
} as const;

const plainTypes: ReadonlySet<string> = new Set<PlainType>([
  'text',
  'int',
  'flag',
  'map',
  'quantities',
  'Time',
  'MicroTime',
  'Quantity',
  'IntOrString',
  'FieldsV1',
]);
const messages = new Map<string, { fields: readonly Field[] }>(
  Object.keys(texts).map((name) => [name, { fields: [] }]),
);
for (const [name, text] of Object.entries(texts)) known(name).fields = text.trim().split(/\s+/).map(fieldOf);

function fieldOf(text: string): Field {
  const [, name = '', number, type = '', mark] = /^([\w.]+)=(\d+):(\w+)(\?|\[\])?$/.exec(text) ?? [];
  return {
    name: name === '.' ? undefined : name,
    number: Number(number),
    type: plainTypes.has(type) ? (type as PlainType) : messageOf(type),
    written: mark === '?' ? 'if there' : mark === '[]' ? 'list' : 'always',
  };
}

/** A message by its name. @throws Error for one that is not known */
export function messageOf(name: string): Message {
  return known(name);
}

function known(name: string): { fields: readonly Field[] } {
  const found = messages.get(name);
  if (!found) throw new Error(`There is no message ${name}`);
  return found;
}
