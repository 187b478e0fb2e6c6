import { createContext, useContext } from 'react';

export interface SignedInUser {
  id: string;
  name: string;
  isOwner: boolean;
}

export const SignedInContext = createContext<SignedInUser | undefined>(undefined);

/** The person using this page. Only below the route that requires a session. */
export function useSignedIn(): SignedInUser {
  const user = useContext(SignedInContext);
  if (!user) throw new Error('useSignedIn is used outside the pages that require a session.');
  return user;
}
