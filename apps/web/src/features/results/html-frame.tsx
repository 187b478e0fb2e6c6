import classes from './views.module.css';

/**
 * HTML that a card made, in a frame of its own without any right: no script, no form, no link out of it, no origin.
 * The page is light in both themes, because what cards write expects paper.
 */
export function HtmlFrame({ html }: { html: string }) {
  return <iframe className={classes['frame']} title="Page made by this card" sandbox="" referrerPolicy="no-referrer" srcDoc={html} />;
}
