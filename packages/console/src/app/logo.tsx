export const Logo = () => (
  <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" fill="var(--accent)">
    <path d="M1 3h16v3H1zM1 12h16v3H1zM3.5 6h2v6h-2zM8 6h2v6H8zM12.5 6h2v6h-2z" />
  </svg>
);
