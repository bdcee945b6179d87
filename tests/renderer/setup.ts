// Matchers of Testing Library for every renderer test.
import '@testing-library/jest-dom/vitest';
