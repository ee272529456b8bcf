"""The network: features, brought to mean 0 and spread 1, through one layer of leaky units to the log-odds of speech."""

import numpy as np

UNITS = 32  # as `SpeechModel.units`
LEAK = 0.05  # as `SpeechModel.bend`

EPOCHS = 14
BATCH = 512
RATE = 3e-3
DECAY = 3e-5
# Added to the inputs: keeps the weights from relying on fine differences. In units of each feature's spread.
INPUT_NOISE = 0.15


class Network:
    def __init__(self, mean, spread, parameters):
        self.mean, self.spread = mean, spread
        self.parameters = parameters  # weights, bias, speech, offset

    def odds(self, values):
        """Log-odds of each frame."""
        return forward(self.parameters, (values - self.mean) / self.spread)[2]


def forward(parameters, inputs):
    weights, bias, speech, offset = parameters
    sums = inputs @ weights + bias
    units = np.maximum(sums, LEAK * sums)
    return sums, units, units @ speech + offset


def fit(values, is_speech, frame_weights, seed=0, units=UNITS):
    """Logistic loss, Adam, the rate falling as half a cosine. The same arguments give the same network.

    Adam: D. Kingma, J. Ba, arXiv:1412.6980; its usual constants.
    """
    random = np.random.default_rng(seed)
    mean = values.mean(0, dtype=np.float64)
    spread = values.std(0, dtype=np.float64) + 1e-6
    inputs = ((values - mean) / spread).astype(np.float32)
    targets = is_speech.astype(np.float64)
    frame_weights = frame_weights / frame_weights.mean()

    count = inputs.shape[1]
    parameters = [
        random.normal(0, 1 / np.sqrt(count), (count, units)), np.zeros(units),
        random.normal(0, 1 / np.sqrt(units), units), np.zeros(1),
    ]
    first = [np.zeros_like(each) for each in parameters]
    second = [np.zeros_like(each) for each in parameters]
    batches = len(inputs) // BATCH
    step = 0
    for _ in range(EPOCHS):
        order = random.permutation(len(inputs))
        for batch in range(batches):
            step += 1
            chosen = order[batch * BATCH:(batch + 1) * BATCH]
            noise = random.standard_normal((BATCH, count), dtype=np.float32)
            slopes = gradient(
                parameters, inputs[chosen] + INPUT_NOISE * noise, targets[chosen], frame_weights[chosen])
            rate = RATE * 0.5 * (1 + np.cos(np.pi * step / (EPOCHS * batches))) + 1e-5
            for index, slope in enumerate(slopes):
                first[index] = 0.9 * first[index] + 0.1 * slope
                second[index] = 0.999 * second[index] + 0.001 * slope ** 2
                move = first[index] / (1 - 0.9 ** step)
                scale = np.sqrt(second[index] / (1 - 0.999 ** step)) + 1e-8
                parameters[index] -= rate * move / scale
    return Network(mean, spread, parameters)


def gradient(parameters, inputs, targets, frame_weights):
    weights, _, speech, _ = parameters
    sums, units, odds = forward(parameters, inputs)
    error = (1 / (1 + np.exp(-odds)) - targets) * frame_weights / len(targets)
    inner = np.outer(error, speech) * np.where(sums > 0, 1, LEAK)
    return [
        inputs.T @ inner + DECAY * weights, inner.sum(0),
        units.T @ error + DECAY * speech, error.sum(keepdims=True),
    ]
