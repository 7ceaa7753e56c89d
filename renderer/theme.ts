import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

/** The one accent, for the primary action and what is chosen. White on the filled shades is above 5:1. */
const accent: MantineColorsTuple = [
  '#eef3ff',
  '#dbe4fb',
  '#b9caf6',
  '#93adf1',
  '#7291ec',
  '#587ce8',
  '#3f66dc',
  '#3257c4',
  '#2949a8',
  '#1f3a8a',
]

const gray: MantineColorsTuple = [
  '#f7f8f9',
  '#f0f1f3',
  '#e4e6e9',
  '#d5d8dc',
  '#bfc3c9',
  '#8b919a',
  '#5c636d',
  '#444a53',
  '#2f343b',
  '#1c1f24',
]

const dark: MantineColorsTuple = [
  '#e1e3e7',
  '#c3c7cd',
  '#a0a6af',
  '#737a85',
  '#4a5059',
  '#383d45',
  '#2b2f36',
  '#1d2025',
  '#16181c',
  '#0f1114',
]

/** Sizes follow the density: `--u-*` come from `ui/tokens.css`. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 6 },
  colors: { accent, gray, dark },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, monospace",
  fontSizes: {
    xs: 'var(--u-text-xs)',
    sm: 'var(--u-text-sm)',
    md: 'var(--u-text)',
    lg: 'var(--u-text-lg)',
    xl: '24px',
  },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'md',
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '28px' },
      h2: { fontSize: '16px', lineHeight: '24px' },
      h3: { fontSize: 'var(--u-text)', lineHeight: '20px' },
    },
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { size: 'lg', variant: 'subtle', color: 'gray' } },
    // Only what may be left out is marked, in its label.
    InputWrapper: {
      defaultProps: { withAsterisk: false, inputWrapperOrder: ['label', 'input', 'description', 'error'] },
    },
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 100 }, withArrow: false } },
    Modal: {
      defaultProps: {
        transitionProps: { duration: 120, transition: 'fade' },
        centered: true,
        shadow: 'lg',
        overlayProps: { backgroundOpacity: 0.4 },
      },
    },
    Drawer: { defaultProps: { overlayProps: { backgroundOpacity: 0.4 } } },
    Menu: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md' } },
    Popover: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md' } },
    Select: { defaultProps: { comboboxProps: { transitionProps: { duration: 80 }, shadow: 'md' } } },
    Skeleton: { defaultProps: { radius: 'sm' } },
  },
})

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1c1f24',
    '--mantine-color-dimmed': '#5c636d',
    '--mantine-color-placeholder': '#6b727c',
    '--mantine-color-error': '#b42318',
    '--mantine-color-anchor': '#2949a8',
    '--mantine-color-default-border': '#c9cdd3',
  },
  dark: {
    '--mantine-color-body': '#1d2025',
    '--mantine-color-text': '#e1e3e7',
    '--mantine-color-dimmed': '#a0a6af',
    '--mantine-color-placeholder': '#8f96a0',
    '--mantine-color-error': '#ff9a8f',
    '--mantine-color-anchor': '#9db6f5',
    '--mantine-color-default-border': '#454b54',
    // Links and what cannot be taken back keep their colour, as they have it in the light.
    '--mantine-color-accent-light-color': '#9db6f5',
    '--mantine-color-red-light-color': '#ff9a8f',
  },
})
