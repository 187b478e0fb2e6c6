import { ActionIcon, Menu, Text } from '@mantine/core';
import { BookOpen, CircleUser, LogOut, Server } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { api } from '../api/api.ts';
import { useSignedIn } from '../api/use-signed-in.ts';
import classes from './page-shell.module.css';
import { ThemeToggle } from './theme-toggle.tsx';

export function Brand() {
  return (
    <Link to="/" className={classes['brand']} aria-label="Ensemble, all projects">
      <img src="/icon.svg" alt="" width={24} height={24} />
      <span>Ensemble</span>
    </Link>
  );
}

/** The person's own menu: name, the description of the API, sign out. */
export function AccountMenu() {
  const user = useSignedIn();
  const signOut = async () => {
    await api.signOut();
    // A fresh page: open sockets still belong to whoever has just left.
    window.location.assign('/');
  };
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon size="lg" aria-label={`Account of ${user.name}`}>
          <CircleUser size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Signed in as {user.name}</Menu.Label>
        <Menu.Item component={Link} to="/runners" leftSection={<Server size={14} aria-hidden />}>
          Runners
        </Menu.Item>
        <Menu.Item component="a" href="/api/docs" target="_blank" leftSection={<BookOpen size={14} aria-hidden />}>
          HTTP API
        </Menu.Item>
        <Menu.Item leftSection={<LogOut size={14} aria-hidden />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The frame of every page that is not the editor. */
export function PageShell({ children, signedIn = true }: { children: ReactNode; signedIn?: boolean }) {
  return (
    <div className={classes['page']}>
      <header className={classes['header']}>
        <Brand />
        <span className={classes['spacer']} />
        <ThemeToggle />
        {signedIn ? <AccountMenu /> : null}
      </header>
      <main className={classes['main']}>{children}</main>
      <footer className={classes['footer']}>
        <Text size="xs" c="var(--e-dim)">
          Ensemble · a live canvas for machine learning pipelines
        </Text>
      </footer>
    </div>
  );
}
