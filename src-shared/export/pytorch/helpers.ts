/** Modules that PyTorch lacks, as Python: the file gets those that it uses. */

const separable = `class SeparableConv2d(nn.Module):
    """A convolution of each channel by itself, then one of 1 x 1 over all channels."""

    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        dilation=1,
        depth_multiplier=1,
        bias=True,
    ):
        super().__init__()
        between = in_channels * depth_multiplier
        self.depthwise = nn.Conv2d(
            in_channels,
            between,
            kernel_size,
            stride,
            padding,
            dilation,
            groups=in_channels,
            bias=False,
        )
        self.pointwise = nn.Conv2d(between, out_channels, kernel_size=1, bias=bias)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))`;

const sameAveragePooling = `class SameAvgPool2d(nn.Module):
    """Means over windows that reach over the edge: what lies outside does not count.

    Padding is (left, right, top, bottom), as in torch.nn.functional.pad.
    """

    def __init__(self, kernel_size, stride, padding):
        super().__init__()
        self.pad = nn.ZeroPad2d(padding)
        self.pool = nn.AvgPool2d(kernel_size, stride)

    def forward(self, x):
        share_inside = self.pool(self.pad(torch.ones_like(x[:1, :1])))
        return self.pool(self.pad(x)) / share_inside`;

const reshape = `class Reshape(nn.Module):
    """Another shape for the values of each image.

    Shapes are (height, width, channels) or (features,), and values are counted in that
    order, channels last: as they were when the network was trained.
    """

    def __init__(self, shape):
        super().__init__()
        self.shape = shape

    def forward(self, x):
        if x.dim() == 4:
            x = x.permute(0, 2, 3, 1)
        x = x.reshape(len(x), *self.shape)
        return x.permute(0, 3, 1, 2) if x.dim() == 4 else x`;

const layerNorm = `class ChannelLayerNorm(nn.LayerNorm):
    """Layer normalisation over the channels of every pixel."""

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)`;

const prelu = `class PReLUPerValue(nn.Module):
    """A ReLU with a learned slope left of zero, one for each value of (channels, height, width)."""

    def __init__(self, shape):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(shape))

    def forward(self, x):
        return torch.where(x > 0, x, x * self.weight)`;

const noise = `class GaussianNoise(nn.Module):
    """Adds random numbers of mean 0 while training."""

    def __init__(self, stddev):
        super().__init__()
        self.stddev = stddev

    def forward(self, x):
        return x + self.stddev * torch.randn_like(x) if self.training else x`;

const rescale = `class Rescale(nn.Module):
    """Multiplies every value and adds to it."""

    def __init__(self, scale, offset):
        super().__init__()
        self.scale = scale
        self.offset = offset

    def forward(self, x):
        return x * self.scale + self.offset`;

/** By the name of the class, in the order of the file. */
export const helperClasses: ReadonlyMap<string, string> = new Map([
  ['SeparableConv2d', separable],
  ['SameAvgPool2d', sameAveragePooling],
  ['Reshape', reshape],
  ['ChannelLayerNorm', layerNorm],
  ['PReLUPerValue', prelu],
  ['GaussianNoise', noise],
  ['Rescale', rescale],
]);
