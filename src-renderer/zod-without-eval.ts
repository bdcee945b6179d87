/** Imported first: zod would try to compile its schemas with `new Function`, which the page's policy reports. */
import { z } from 'zod';

z.config({ jitless: true });
