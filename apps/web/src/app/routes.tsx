import { createBrowserRouter } from 'react-router';
import { JoinPage } from '../features/accounts/join-page.tsx';
import { CrashPage, NotFoundPage } from './crash-page.tsx';
import { PageSkeleton } from './page-skeleton.tsx';
import { RequireSession } from './require-session.tsx';
import { ProjectHome, StartPage } from './start-page.tsx';

/** The map of the app: which address shows which page. */
export const createRouter = () =>
  createBrowserRouter([
    {
      ErrorBoundary: CrashPage,
      HydrateFallback: PageSkeleton,
      children: [
        { path: '/join/:token', Component: JoinPage },
        {
          Component: RequireSession,
          children: [
            { path: '/', Component: StartPage },
            { path: '/projects/:projectId', Component: ProjectHome },
            { path: '/runners', lazy: async () => ({ Component: (await import('../features/runners/runners-page.tsx')).RunnersPage }) },
            {
              path: '/pipelines/:pipelineId/runs/:runId',
              lazy: async () => ({ Component: (await import('./past-run-page.tsx')).PastRunPage }),
            },
            {
              path: '/projects/:projectId/cards/:cardId',
              lazy: async () => ({ Component: (await import('./card-page.tsx')).CardPage }),
            },
            { path: '/runs/:runId/log', lazy: async () => ({ Component: (await import('./run-log-page.tsx')).RunLogPage }) },
            { path: '/pipelines/:pipelineId', lazy: async () => ({ Component: (await import('./editor-page.tsx')).EditorPage }) },
          ],
        },
        { path: '*', Component: NotFoundPage },
      ],
    },
  ]);
