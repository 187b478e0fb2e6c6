import Markdown from 'react-markdown';
import type { Components } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import classes from './markdown-text.module.css';

const COMPONENTS: Components = {
  // Links leave in a tab of their own and tell nothing of where they were clicked.
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ),
  // The page loads nothing from elsewhere; a card shows pictures by the image view.
  img: ({ alt }) => <em>{alt ? `picture: ${alt}` : 'picture'}</em>,
};

/** Text that a card or a person wrote, as markdown. HTML in it stays text, and what is left is sanitised once more. */
export default function MarkdownText({ text }: { text: string }) {
  return (
    <div className={classes['markdown']}>
      <Markdown remarkPlugins={[remarkGfm]} rehypePlugins={[rehypeSanitize]} components={COMPONENTS}>
        {text}
      </Markdown>
    </div>
  );
}
