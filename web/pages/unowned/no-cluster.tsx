import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '../../ui/notice.tsx';

/** Where no cluster is read nothing is unclaimed, and nothing missing. */
export function NoCluster(): ReactNode {
  return (
    <Empty
      title="No cluster is connected"
      actions={
        <Link to="/clusters" className="button">
          See how to connect one
        </Link>
      }
    >
      What runs in clusters is compared with the catalog here.
    </Empty>
  );
}
