/** What the value of a field is. */
export type FieldKind =
  | 'text'
  | 'int'
  | 'flag'
  | 'texts'
  | 'quantities'
  | 'Quantity'
  | 'IntOrString'
  | 'Time'
  | 'FieldsV1'
  | 'message';

/** One field of a message, by its name in JSON. */
export interface Field {
  readonly number: number;
  readonly name: string;
  readonly kind: FieldKind;
  readonly isList: boolean;
  /** JSON has the fields of this message beside those of the message that holds it. */
  readonly isInline: boolean;
  /** Name of a `message`. */
  readonly message: string;
}

/**
 * The messages that Pods, ReplicaSets and Events are made of, with the numbers of `generated.proto` of k8s.io/api and
 * k8s.io/apimachinery: `number:name:kind`, where a kind that is not said is a text, `*` is a list and `>` lies inline.
 * Volumes of single vendors are left out.
 */
const written: Readonly<Record<string, string>> = {
  Affinity: `1:nodeAffinity:NodeAffinity 2:podAffinity:PodAffinity 3:podAntiAffinity:PodAntiAffinity`,
  CSIVolumeSource: `1:driver 2:readOnly:flag 3:fsType 4:volumeAttributes:texts 5:nodePublishSecretRef:LocalObjectReference`,
  Capabilities: `1:add:*text 2:drop:*text`,
  ConfigMapEnvSource: `1:localObjectReference:>LocalObjectReference 2:optional:flag`,
  ConfigMapKeySelector: `1:localObjectReference:>LocalObjectReference 2:key 3:optional:flag`,
  ConfigMapProjection: `1:localObjectReference:>LocalObjectReference 2:items:*KeyToPath 4:optional:flag`,
  ConfigMapVolumeSource: `1:localObjectReference:>LocalObjectReference 2:items:*KeyToPath 3:defaultMode:int 4:optional:flag`,
  Container: `1:name 2:image 3:command:*text 4:args:*text 5:workingDir 6:ports:*ContainerPort 7:env:*EnvVar 8:resources:ResourceRequirements 9:volumeMounts:*VolumeMount 10:livenessProbe:Probe 11:readinessProbe:Probe 12:lifecycle:Lifecycle 13:terminationMessagePath 14:imagePullPolicy 15:securityContext:SecurityContext 16:stdin:flag 17:stdinOnce:flag 18:tty:flag 19:envFrom:*EnvFromSource 20:terminationMessagePolicy 21:volumeDevices:*VolumeDevice 22:startupProbe:Probe 23:resizePolicy:*ContainerResizePolicy 24:restartPolicy`,
  ContainerPort: `1:name 2:hostPort:int 3:containerPort:int 4:protocol 5:hostIP`,
  ContainerResizePolicy: `1:resourceName 2:restartPolicy`,
  ContainerState: `1:waiting:ContainerStateWaiting 2:running:ContainerStateRunning 3:terminated:ContainerStateTerminated`,
  ContainerStateRunning: `1:startedAt:Time`,
  ContainerStateTerminated: `1:exitCode:int 2:signal:int 3:reason 4:message 5:startedAt:Time 6:finishedAt:Time 7:containerID`,
  ContainerStateWaiting: `1:reason 2:message`,
  ContainerStatus: `1:name 2:state:ContainerState 3:lastState:ContainerState 4:ready:flag 5:restartCount:int 6:image 7:imageID 8:containerID 9:started:flag`,
  DownwardAPIProjection: `1:items:*DownwardAPIVolumeFile`,
  DownwardAPIVolumeFile: `1:path 2:fieldRef:ObjectFieldSelector 3:resourceFieldRef:ResourceFieldSelector 4:mode:int`,
  DownwardAPIVolumeSource: `1:items:*DownwardAPIVolumeFile 2:defaultMode:int`,
  EmptyDirVolumeSource: `1:medium 2:sizeLimit:Quantity`,
  EnvFromSource: `1:prefix 2:configMapRef:ConfigMapEnvSource 3:secretRef:SecretEnvSource`,
  EnvVar: `1:name 2:value 3:valueFrom:EnvVarSource`,
  EnvVarSource: `1:fieldRef:ObjectFieldSelector 2:resourceFieldRef:ResourceFieldSelector 3:configMapKeyRef:ConfigMapKeySelector 4:secretKeyRef:SecretKeySelector`,
  Event: `1:metadata:ObjectMeta 2:involvedObject:ObjectReference 3:reason 4:message 5:source:EventSource 6:firstTimestamp:Time 7:lastTimestamp:Time 8:count:int 9:type 10:eventTime:Time 11:series:EventSeries 12:action 13:related:ObjectReference 14:reportingComponent 15:reportingInstance`,
  EventSeries: `1:count:int 2:lastObservedTime:Time`,
  EventSource: `1:component 2:host`,
  ExecAction: `1:command:*text`,
  GRPCAction: `1:port:int 2:service`,
  HTTPGetAction: `1:path 2:port:IntOrString 3:host 4:scheme 5:httpHeaders:*HTTPHeader`,
  HTTPHeader: `1:name 2:value`,
  Handler: `1:exec:ExecAction 2:httpGet:HTTPGetAction 3:tcpSocket:TCPSocketAction 4:grpc:GRPCAction`,
  HostAlias: `1:ip 2:hostnames:*text`,
  HostIP: `1:ip`,
  HostPathVolumeSource: `1:path 2:type`,
  KeyToPath: `1:key 2:path 3:mode:int`,
  LabelSelector: `1:matchLabels:texts 2:matchExpressions:*LabelSelectorRequirement`,
  LabelSelectorRequirement: `1:key 2:operator 3:values:*text`,
  Lifecycle: `1:postStart:Handler 2:preStop:Handler`,
  ListMeta: `1:selfLink 2:resourceVersion 3:continue 4:remainingItemCount:int`,
  LocalObjectReference: `1:name`,
  ManagedFieldsEntry: `1:manager 2:operation 3:apiVersion 4:time:Time 6:fieldsType 7:fieldsV1:FieldsV1 8:subresource`,
  NFSVolumeSource: `1:server 2:path 3:readOnly:flag`,
  NodeAffinity: `1:requiredDuringSchedulingIgnoredDuringExecution:NodeSelector 2:preferredDuringSchedulingIgnoredDuringExecution:*PreferredSchedulingTerm`,
  NodeSelector: `1:nodeSelectorTerms:*NodeSelectorTerm`,
  NodeSelectorRequirement: `1:key 2:operator 3:values:*text`,
  NodeSelectorTerm: `1:matchExpressions:*NodeSelectorRequirement 2:matchFields:*NodeSelectorRequirement`,
  ObjectFieldSelector: `1:apiVersion 2:fieldPath`,
  ObjectMeta: `1:name 2:generateName 3:namespace 4:selfLink 5:uid 6:resourceVersion 7:generation:int 8:creationTimestamp:Time 9:deletionTimestamp:Time 10:deletionGracePeriodSeconds:int 11:labels:texts 12:annotations:texts 13:ownerReferences:*OwnerReference 14:finalizers:*text 15:clusterName 17:managedFields:*ManagedFieldsEntry`,
  ObjectReference: `1:kind 2:namespace 3:name 4:uid 5:apiVersion 6:resourceVersion 7:fieldPath`,
  OwnerReference: `1:kind 3:name 4:uid 5:apiVersion 6:controller:flag 7:blockOwnerDeletion:flag`,
  PersistentVolumeClaimVolumeSource: `1:claimName 2:readOnly:flag`,
  Pod: `1:metadata:ObjectMeta 2:spec:PodSpec 3:status:PodStatus`,
  PodAffinity: `1:requiredDuringSchedulingIgnoredDuringExecution:*PodAffinityTerm 2:preferredDuringSchedulingIgnoredDuringExecution:*WeightedPodAffinityTerm`,
  PodAffinityTerm: `1:labelSelector:LabelSelector 2:namespaces:*text 3:topologyKey 4:namespaceSelector:LabelSelector 5:matchLabelKeys:*text`,
  PodAntiAffinity: `1:requiredDuringSchedulingIgnoredDuringExecution:*PodAffinityTerm 2:preferredDuringSchedulingIgnoredDuringExecution:*WeightedPodAffinityTerm`,
  PodCondition: `1:type 2:status 3:lastProbeTime:Time 4:lastTransitionTime:Time 5:reason 6:message 7:observedGeneration:int`,
  PodDNSConfig: `1:nameservers:*text 2:searches:*text 3:options:*PodDNSConfigOption`,
  PodDNSConfigOption: `1:name 2:value`,
  PodIP: `1:ip`,
  PodOS: `1:name`,
  PodReadinessGate: `1:conditionType`,
  PodSchedulingGate: `1:name`,
  PodSecurityContext: `2:runAsUser:int 3:runAsNonRoot:flag 4:supplementalGroups:*int 5:fsGroup:int 6:runAsGroup:int 7:sysctls:*Sysctl 9:fsGroupChangePolicy 10:seccompProfile:SeccompProfile`,
  PodSpec: `1:volumes:*Volume 2:containers:*Container 3:restartPolicy 4:terminationGracePeriodSeconds:int 5:activeDeadlineSeconds:int 6:dnsPolicy 7:nodeSelector:texts 8:serviceAccountName 9:serviceAccount 10:nodeName 11:hostNetwork:flag 12:hostPID:flag 13:hostIPC:flag 14:securityContext:PodSecurityContext 15:imagePullSecrets:*LocalObjectReference 16:hostname 17:subdomain 18:affinity:Affinity 19:schedulerName 20:initContainers:*Container 21:automountServiceAccountToken:flag 22:tolerations:*Toleration 23:hostAliases:*HostAlias 24:priorityClassName 25:priority:int 26:dnsConfig:PodDNSConfig 27:shareProcessNamespace:flag 28:readinessGates:*PodReadinessGate 29:runtimeClassName 30:enableServiceLinks:flag 31:preemptionPolicy 32:overhead:quantities 33:topologySpreadConstraints:*TopologySpreadConstraint 35:setHostnameAsFQDN:flag 36:os:PodOS 37:hostUsers:flag 38:schedulingGates:*PodSchedulingGate 40:resources:ResourceRequirements`,
  PodStatus: `1:phase 2:conditions:*PodCondition 3:message 4:reason 5:hostIP 6:podIP 7:startTime:Time 8:containerStatuses:*ContainerStatus 9:qosClass 10:initContainerStatuses:*ContainerStatus 11:nominatedNodeName 12:podIPs:*PodIP 13:ephemeralContainerStatuses:*ContainerStatus 14:resize 16:hostIPs:*HostIP 17:observedGeneration:int`,
  PodTemplateSpec: `1:metadata:ObjectMeta 2:spec:PodSpec`,
  PreferredSchedulingTerm: `1:weight:int 2:preference:NodeSelectorTerm`,
  Probe: `1:handler:>Handler 2:initialDelaySeconds:int 3:timeoutSeconds:int 4:periodSeconds:int 5:successThreshold:int 6:failureThreshold:int 7:terminationGracePeriodSeconds:int`,
  ProjectedVolumeSource: `1:sources:*VolumeProjection 2:defaultMode:int`,
  ReplicaSet: `1:metadata:ObjectMeta 2:spec:ReplicaSetSpec 3:status:ReplicaSetStatus`,
  ReplicaSetCondition: `1:type 2:status 3:lastTransitionTime:Time 4:reason 5:message`,
  ReplicaSetSpec: `1:replicas:int 2:selector:LabelSelector 3:template:PodTemplateSpec 4:minReadySeconds:int`,
  ReplicaSetStatus: `1:replicas:int 2:fullyLabeledReplicas:int 3:observedGeneration:int 4:readyReplicas:int 5:availableReplicas:int 6:conditions:*ReplicaSetCondition`,
  ResourceFieldSelector: `1:containerName 2:resource 3:divisor:Quantity`,
  ResourceRequirements: `1:limits:quantities 2:requests:quantities`,
  SeccompProfile: `1:type 2:localhostProfile`,
  SecretEnvSource: `1:localObjectReference:>LocalObjectReference 2:optional:flag`,
  SecretKeySelector: `1:localObjectReference:>LocalObjectReference 2:key 3:optional:flag`,
  SecretProjection: `1:localObjectReference:>LocalObjectReference 2:items:*KeyToPath 4:optional:flag`,
  SecretVolumeSource: `1:secretName 2:items:*KeyToPath 3:defaultMode:int 4:optional:flag`,
  SecurityContext: `1:capabilities:Capabilities 2:privileged:flag 4:runAsUser:int 5:runAsNonRoot:flag 6:readOnlyRootFilesystem:flag 7:allowPrivilegeEscalation:flag 8:runAsGroup:int 9:procMount 11:seccompProfile:SeccompProfile`,
  ServiceAccountTokenProjection: `1:audience 2:expirationSeconds:int 3:path`,
  Status: `1:metadata:ListMeta 2:status 3:message 4:reason 5:details:StatusDetails 6:code:int`,
  StatusCause: `1:reason 2:message 3:field`,
  StatusDetails: `1:name 2:group 3:kind 4:causes:*StatusCause 5:retryAfterSeconds:int 6:uid`,
  Sysctl: `1:name 2:value`,
  TCPSocketAction: `1:port:IntOrString 2:host`,
  Toleration: `1:key 2:operator 3:value 4:effect 5:tolerationSeconds:int`,
  TopologySpreadConstraint: `1:maxSkew:int 2:topologyKey 3:whenUnsatisfiable 4:labelSelector:LabelSelector 5:minDomains:int 6:nodeAffinityPolicy 7:nodeTaintsPolicy 8:matchLabelKeys:*text`,
  Volume: `1:name 2:volumeSource:>VolumeSource`,
  VolumeDevice: `1:name 2:devicePath`,
  VolumeMount: `1:name 2:readOnly:flag 3:mountPath 4:subPath 5:mountPropagation 6:subPathExpr`,
  VolumeProjection: `1:secret:SecretProjection 2:downwardAPI:DownwardAPIProjection 3:configMap:ConfigMapProjection 4:serviceAccountToken:ServiceAccountTokenProjection`,
  VolumeSource: `1:hostPath:HostPathVolumeSource 2:emptyDir:EmptyDirVolumeSource 6:secret:SecretVolumeSource 7:nfs:NFSVolumeSource 10:persistentVolumeClaim:PersistentVolumeClaimVolumeSource 16:downwardAPI:DownwardAPIVolumeSource 19:configMap:ConfigMapVolumeSource 26:projected:ProjectedVolumeSource 28:csi:CSIVolumeSource`,
  WeightedPodAffinityTerm: `1:weight:int 2:podAffinityTerm:PodAffinityTerm`,
  TypeMeta: `1:apiVersion 2:kind`,
};

const plain: ReadonlySet<string> = new Set<FieldKind>([
  'text',
  'int',
  'flag',
  'texts',
  'quantities',
  'Quantity',
  'IntOrString',
  'Time',
  'FieldsV1',
]);

const read = new Map<string, readonly Field[]>();

/** The fields of a message in the order of their numbers; none of one that is not known. */
export function fieldsOfMessage(message: string): readonly Field[] {
  let fields = read.get(message);
  if (fields === undefined) {
    fields = (written[message] ?? '').split(' ').filter(Boolean).map(readField);
    read.set(message, fields);
  }
  return fields;
}

function readField(text: string): Field {
  const [number = '', name = '', type = 'text'] = text.split(':');
  const bare = type.replace(/^[*>]/, '');
  return {
    number: Number(number),
    name,
    kind: plain.has(bare) ? (bare as FieldKind) : 'message',
    isList: type.startsWith('*'),
    isInline: type.startsWith('>'),
    message: bare,
  };
}
