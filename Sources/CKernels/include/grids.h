#pragma once
// Small square grids of numbers, laid over each other. Places are in cells: the middle of the first cell is 0.
// Beyond the border the border's cells go on.
#include <stddef.h>

/// Values and slopes, to the right and down, at `count` places (x, y), which are finite: by Catmull and Rom's
/// cubic (1974) through four by four cells.
void vk_sample_grid(const float *grid, size_t edge, const float *places, size_t count, float *samples);

/// Adds least squares' equations: `weights[i] (rows[i] . unknowns - values[i])^2` is to be least.
/// Rows are [count][unknowns], the matrix [unknowns][unknowns] of which the lower triangle is used.
void vk_add_equations(const float *rows, const float *values, const float *weights, size_t count,
                      size_t unknowns, float *matrix, float *side);

/// The equations of one step of Gauss and Newton that lays `second` over `first` (Lucas and Kanade, 1981), in
/// `matrix` [8][8] and `side` [8]: changes of the map's six numbers, of the gain and of the offset.
///
/// The place (x, y) of the second, from the middle and in edges, is (m0 x + m1 y + m2, m3 x + m4 y + m5) of
/// the first, and its value `gain` times the first's and `offset`. An error of e counts 1 / (1 + (e / ordinary)^2).
void vk_align_grids(const float *first, const float *second, size_t edge, const float *map, float gain,
                    float offset, float ordinary, float *matrix, float *side);
