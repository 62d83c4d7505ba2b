import type { JsonMap } from './kube-object.ts';
import type { NewObject } from './object-store.ts';
import type { Placement } from './world-placement.ts';

/** Port and health path by the first tag of a program that names a language. */
const languages: Readonly<Record<string, readonly [port: number, path: string]>> = {
  'c++': [9000, '/healthz'],
  csharp: [8080, '/health'],
  elixir: [4000, '/health'],
  go: [8080, '/healthz'],
  java: [8080, '/actuator/health'],
  kotlin: [8080, '/actuator/health'],
  php: [80, '/status'],
  python: [8000, '/health'],
  ruby: [3000, '/up'],
  rust: [8080, '/healthz'],
  typescript: [3000, '/healthz'],
};

/** A memory setting that somebody wrote long ago: it is above the container's limit, which only shows under load. */
const memorySettings: Readonly<Record<string, JsonMap>> = {
  'waiting-room': { name: 'GOMEMLIMIT', value: '1536MiB' },
};

function languageOf(tags: readonly string[]): readonly [port: number, path: string] {
  const known = tags.find((tag) => Object.hasOwn(languages, tag));
  return (known === undefined ? undefined : languages[known]) ?? [8080, '/healthz'];
}

/** The image of a program in a version. */
export function imageOf({ system, name }: Placement['program'], version: string): string {
  return `registry.lantern.example/${system}/${name}:${version}`;
}

/** The template of a program's pods. */
export function podTemplate(placement: Placement, metadata: NewObject['metadata']): JsonMap {
  const { program, kind, version, cluster } = placement;
  const isTimed = kind === 'CronJob';
  const [port, path] = languageOf(program.tags);
  const probe = { httpGet: { path, port: 'http', scheme: 'HTTP' }, periodSeconds: 10, timeoutSeconds: 2 };
  const isLarge = program.tags.includes('tier-1') && cluster.environment === 'prod';
  const container = {
    name: program.name,
    image: imageOf(program, version),
    ...(Object.hasOwn(memorySettings, program.name) && { env: [memorySettings[program.name] ?? {}] }),
    envFrom: [{ configMapRef: { name: `${program.name}-settings` } }],
    ...(isTimed ? {} : { ports: [{ name: 'http', containerPort: port }], livenessProbe: probe, readinessProbe: probe }),
    resources: {
      requests: { cpu: isLarge ? '250m' : '50m', memory: isLarge ? '512Mi' : '128Mi' },
      limits: { memory: isLarge ? '1Gi' : '256Mi' },
    },
    securityContext: { runAsNonRoot: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
  };
  const claim = { name: 'data', persistentVolumeClaim: { claimName: `data-${program.name}-0` } };
  return {
    metadata: { labels: metadata['labels'] ?? {} },
    spec: {
      serviceAccountName: program.name,
      ...(isTimed ? { restartPolicy: 'Never' } : {}),
      containers: [
        kind === 'StatefulSet' ? { ...container, volumeMounts: [{ name: 'data', mountPath: '/data' }] } : container,
      ],
      ...(kind === 'StatefulSet' ? { volumes: [claim] } : {}),
    },
  };
}
