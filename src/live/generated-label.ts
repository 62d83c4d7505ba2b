/** Labels that controllers generate: they differ from object to object and say no more than the owner does. */
const generatedLabels: ReadonlySet<string> = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'controller-uid',
  'job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
  'batch.kubernetes.io/job-completion-index',
]);

/** True for a label that is not kept: the owner of an object tells the same. */
export function isGeneratedLabel(key: string): boolean {
  return generatedLabels.has(key);
}
