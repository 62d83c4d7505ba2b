import type { NewObject } from './object-store.ts';
import { type Manifest, manifest } from './world-objects.ts';
import type { Placement } from './world-placement.ts';

/** What makes a program reachable: its Service, and for websites a route or an ingress. */
export function exposureOf(placement: Placement, metadata: NewObject['metadata']): readonly Manifest[] {
  const { program, kind, cluster } = placement;
  if (kind === 'CronJob' || program.type === 'worker') return [];
  const port = { name: 'http', port: 80, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' };
  const selector = { 'app.kubernetes.io/name': program.name };
  const service = manifest('', 'services', {
    metadata,
    spec: kind === 'StatefulSet' ? { clusterIP: 'None', selector, ports: [port] } : { selector, ports: [port] },
    status: { loadBalancer: {} },
  });
  if (program.type !== 'website') return [service];
  const host = `${program.name}${cluster.environment === 'prod' ? '' : `.${cluster.environment}`}.${cluster.region}.lantern.example`;
  return [service, program.lifecycle === 'deprecated' ? ingressOf(metadata, host) : routeOf(metadata, host)];
}

function ingressOf(metadata: NewObject['metadata'], host: string): Manifest {
  const backend = { service: { name: metadata.name, port: { name: 'http' } } };
  return manifest('networking.k8s.io', 'ingresses', {
    metadata,
    spec: {
      ingressClassName: 'house-doors',
      rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
      tls: [{ hosts: [host], secretName: `${metadata.name}-tls` }],
    },
    status: { loadBalancer: { ingress: [{ ip: '192.0.2.10' }] } },
  });
}

function routeOf(metadata: NewObject['metadata'], host: string): Manifest {
  const parent = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'house-doors', namespace: 'doors' };
  const conditions = ['Accepted', 'ResolvedRefs'].map((type) => ({
    type,
    status: 'True',
    reason: type,
    message: '',
    observedGeneration: 1,
  }));
  return manifest('gateway.networking.k8s.io', 'httproutes', {
    metadata,
    spec: {
      parentRefs: [parent],
      hostnames: [host],
      rules: [{ backendRefs: [{ name: metadata.name, port: 80, kind: 'Service', group: '', weight: 1 }] }],
    },
    status: { parents: [{ parentRef: parent, controllerName: 'lantern.example/doors', conditions }] },
  });
}
