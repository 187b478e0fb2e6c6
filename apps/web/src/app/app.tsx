import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { RouterProvider } from 'react-router/dom';
import { retryRule } from '../shared/api/queries.ts';
import { createRouter } from './routes.tsx';
import { theme } from './theme.ts';

const colorSchemes = localStorageColorSchemeManager({ key: 'ensemble-color-scheme' });

/** Everything that surrounds the pages. */
export function App() {
  const [client] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: retryRule, staleTime: 5_000 } } }));
  const [router] = useState(createRouter);
  return (
    <QueryClientProvider client={client}>
      <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={colorSchemes}>
        <ModalsProvider>
          <Notifications position="bottom-center" limit={3} autoClose={5_000} />
          <RouterProvider router={router} />
        </ModalsProvider>
      </MantineProvider>
    </QueryClientProvider>
  );
}
