/** The kind under which a node type travels while it is dragged from palette to canvas. */
export const DRAGGED_TYPE = 'application/x-layerloom-node';
