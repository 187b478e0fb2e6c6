import { Alert, Card, createTheme, Modal, Notification, Tabs, Tooltip, ActionIcon, Menu } from '@mantine/core';
import type { MantineColorsTuple } from '@mantine/core';

/** Mantine's greys of the dark theme, in the hue of the tokens. */
const dark: MantineColorsTuple = [
  '#e8eaf0',
  '#c3c8d4',
  '#a0a7b8',
  '#757d90',
  '#414858',
  '#2b303b',
  '#20242d',
  '#1a1d24',
  '#14171d',
  '#101217',
];

const ink: MantineColorsTuple = [
  '#eceefd',
  '#d6daf9',
  '#acb4f3',
  '#818cec',
  '#626fe6',
  '#4f5ee2',
  '#4654d9',
  '#3945b8',
  '#313ca3',
  '#26308c',
];

/** Mantine bound to the tokens of `tokens.css`; also gives names to what Mantine leaves nameless. */
export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 6, dark: 5 },
  colors: { ink, dark },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  headings: { fontWeight: '600' },
  components: {
    Alert: Alert.extend({
      defaultProps: { radius: 'md', p: 'sm' },
      vars: (_theme, { color }) => {
        const tone = color === 'red' ? 'bad' : color === 'orange' || color === 'yellow' ? 'warn' : 'busy';
        return { root: { '--alert-bg': `var(--e-${tone}-soft)`, '--alert-color': `var(--e-${tone})` } };
      },
    }),
    Card: Card.extend({ styles: { root: { background: 'var(--e-surface)', borderColor: 'var(--e-border)' } } }),
    Modal: Modal.extend({
      defaultProps: { centered: true, radius: 'lg', overlayProps: { backgroundOpacity: 0.4 }, closeButtonProps: { 'aria-label': 'Close' } },
    }),
    Notification: Notification.extend({
      defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss notification' } },
      styles: { description: { color: 'var(--e-dim)' } },
    }),
    Tabs: Tabs.extend({ styles: { list: { flexWrap: 'nowrap' }, tab: { paddingInline: 12 } } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300, withArrow: true, events: { hover: true, focus: true, touch: false } } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray' } }),
    Menu: Menu.extend({
      // The placeholder has no role that a menu may hold; without it the first item gets the focus.
      defaultProps: { shadow: 'md', radius: 'md', position: 'bottom-end', withInitialFocusPlaceholder: false },
    }),
  },
});
