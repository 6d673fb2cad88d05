"""Training the network that reads answers word by word (`rong train-reader`); serving it needs none
of this, only numpy and safetensors."""
