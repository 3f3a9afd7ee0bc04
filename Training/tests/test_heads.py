"""The helpers' losses say what they should: less where patches are nearer to their words."""

import torch

from Training.heads import reading_loss


def test_reading_falls_as_patches_come_near_their_words():
    torch.manual_seed(0)
    words, kinds = torch.randn(20, 32), torch.arange(1, 21)
    noise = torch.randn(20, 32)
    losses = [reading_loss(share * words + (1 - share) * noise, kinds, words).item() for share in (0.0, 0.5, 1.0)]
    assert losses[0] > losses[1] > losses[2]
    assert losses[2] < 0.1


def test_no_shown_patch_costs_nothing_and_still_has_a_gradient():
    projected = torch.randn(0, 32, requires_grad=True)
    loss = reading_loss(projected, torch.empty(0, dtype=torch.long), torch.randn(20, 32))
    loss.backward()
    assert loss.item() == 0 and projected.grad is not None
