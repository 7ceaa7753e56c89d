export const words = {
  signIn: {
    title: 'Sign in',
    login: 'Phone or e-mail',
    password: 'Password',
    submit: 'Sign in',
    claim: 'I have a code from a claim stub',
  },
  lock: {
    who: 'Who is at the counter?',
    pinOf: 'PIN of {{name}}',
    noPin: 'no PIN yet',
    noPinText: 'Without a PIN, sign in with the password.',
    usePassword: 'Sign in with password',
    erase: 'Delete last digit',
    enter: 'Unlock',
    digits_one: '{{count}} digit',
    digits_other: '{{count}} digits',
    usePin: 'Unlock with PIN',
  },
} as const
