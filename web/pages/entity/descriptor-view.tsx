import { ChoiceLink } from '../../ui/choice-link.tsx';
import type { ReactNode } from 'react';
import { formatEntityRef, type EntityRefParts } from '../../../src/model/ref.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { LocationText } from '../../ui/location-text.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { EntitySearch } from './entity-search.ts';
import { useHistory } from './use-entity.ts';
import { yamlLines, yamlText } from './yaml-text.ts';

/** Lines drawn at most; the copy has them all. */
const MAX_LINES = 5000;

/** The entity as its source declares it, without what the server adds. */
export function DescriptorView({
  parts,
  search,
}: {
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
}): ReactNode {
  const history = useHistory(parts);
  const latest = history.data?.items[0];
  if (history.failure && !latest) return <FailureNotice failure={history.failure} />;
  if (!history.data) return <Skeleton rows={10} label="Loading the descriptor" />;
  if (!latest) return <p className="panel-empty">The server keeps no declared form of {formatEntityRef(parts)}.</p>;
  const isJson = search.format === 'json';
  const lines = isJson
    ? JSON.stringify(latest.entity, undefined, 2)
        .split('\n')
        .map((value) => ({ lead: '', key: '', value }))
    : yamlLines(latest.entity);
  return (
    <Panel title="Descriptor" aside={<LocationText location={latest.location} source={latest.source} />}>
      <div className="descriptor-bar">
        <nav className="segments" aria-label="Format">
          <FormatLink parts={parts} format={undefined} label="YAML" isOn={!isJson} />
          <FormatLink parts={parts} format="json" label="JSON" isOn={isJson} />
        </nav>
        <CopyButton text={yamlText(lines)} label={`Copy the descriptor as ${isJson ? 'JSON' : 'YAML'}`} />
      </div>
      <figure className="code-frame">
        {/* What scrolls must be reachable by keyboard (WCAG 2.1.1). */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <pre tabIndex={0} aria-label="Descriptor">
          {lines.slice(0, MAX_LINES).map(({ lead, key, value }, at) => (
            // Lines have no identity but their place.
            // oxlint-disable-next-line react/no-array-index-key
            <span key={at}>
              {lead}
              {key !== '' && <span className="code-key">{key}</span>}
              {value}
              {'\n'}
            </span>
          ))}
        </pre>
        {lines.length > MAX_LINES && (
          <figcaption>
            The first {MAX_LINES.toLocaleString()} of {lines.length.toLocaleString()} lines; Copy takes all.
          </figcaption>
        )}
      </figure>
    </Panel>
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
