import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { formatEntityRef, type EntityRefParts } from '../../../src/model/ref.ts';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { LocationText } from '../../ui/location-text.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { DescriptorCode } from './descriptor-code.tsx';
import { codeText } from './code-line.ts';
import { CommitText } from './commit-text.tsx';
import { filePage } from './entity-links.ts';
import type { EntitySearch } from './entity-search.ts';
import { jsonLines } from './json-text.ts';
import { useEntityProblems, useLatestSteps, useOrigin } from './use-entity.ts';
import { yamlLines } from './yaml-text.ts';

/** The entity as its source declares it, without what the server adds, with what is wrong at its lines. */
export function DescriptorView({
  entity,
  parts,
  search,
}: {
  readonly entity: RenderedEntity;
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
}): ReactNode {
  const steps = useLatestSteps(parts);
  const problems = useEntityProblems(parts);
  const latest = steps.data?.items[0];
  if (steps.failure && !latest) return <FailureNotice failure={steps.failure} />;
  if (!steps.data) return <Skeleton rows={10} label="Loading the descriptor" />;
  if (!latest) return <p className="panel-empty">The server keeps no declared form of {formatEntityRef(parts)}.</p>;
  const isJson = search.format === 'json';
  const lines = isJson ? jsonLines(latest.entity) : yamlLines(latest.entity);
  return (
    <Panel title="Descriptor" aside={<Place parts={parts} page={filePage(entity)} />}>
      <div className="descriptor-bar">
        <nav className="segments" aria-label="Format">
          <FormatLink parts={parts} format={undefined} label="YAML" isOn={!isJson} />
          <FormatLink parts={parts} format="json" label="JSON" isOn={isJson} />
        </nav>
        <CopyButton text={codeText(lines)} label={`Copy the descriptor as ${isJson ? 'JSON' : 'YAML'}`} />
      </div>
      <DescriptorCode lines={lines} problems={problems.data?.items ?? []} label="Descriptor" />
    </Panel>
  );
}

/** Where the descriptor stands; a link to that line, at that commit, where its forge is known. */
function Place({ parts, page }: { readonly parts: EntityRefParts; readonly page: string | undefined }): ReactNode {
  const { data } = useOrigin(parts);
  if (!data) return null;
  const { location, source, line, commit } = data;
  const isRead = /^(?:file|url|git):/.test(location);
  return (
    <>
      <LocationText location={location} source={source} line={isRead ? line : undefined} page={page} commit={commit} />
      {commit !== undefined && (
        <>
          {' '}
          at <CommitText commit={commit} page={page} />
        </>
      )}
    </>
  );
}

function FormatLink({
  parts,
  format,
  label,
  isOn,
}: {
  readonly parts: EntityRefParts;
  readonly format: 'json' | undefined;
  readonly label: string;
  readonly isOn: boolean;
}): ReactNode {
  return (
    <ChoiceLink
      to="/catalog/$kind/$namespace/$name"
      params={parts}
      search={{ view: 'descriptor', format }}
      className="segment"
      isOn={isOn}
      resetScroll={false}
      replace
    >
      {label}
    </ChoiceLink>
  );
}
