#pragma once
// One query row's attention over keys and values of single or half precision. A part of elements.h,
// which includes it behind what it calls.

// Rows of keys and values lie far apart, each on a page of its own, where no processor guesses what
// is read next. They are asked for so many rows ahead.
enum { ROWS_AHEAD = 8, LINE = 16 };

static inline void ask_for(const float *row, size_t width) {
    for (size_t i = 0; i < width; i += LINE) __builtin_prefetch(row + i);
}

// scores[head][key] = queries[head] . key, for the keys of a segment; the scores of heads stand
// `room` apart.
static inline void score_keys(size_t heads, const float *restrict queries, size_t width,
                              const float *key, size_t count, size_t stride,
                              float *restrict scores, size_t room) {
    for (size_t k = 0; k < count; k++, key += stride) {
        if (k + ROWS_AHEAD < count) ask_for(key + ROWS_AHEAD * stride, width);
        for (size_t h = 0; h < heads; h++)
            scores[h * room + k] = dot(queries + h * width, key, width);
    }
}

// y[head] += the values of a segment, each times the head's weight for it; four at a time, so that
// y is read and written a quarter as often.
static inline void add_values(size_t heads, const float *restrict weights, size_t room,
                              const float *restrict value, size_t count, size_t stride,
                              float *restrict y, size_t width) {
    size_t k = 0;
    for (; k + 4 <= count; k += 4, value += 4 * stride) {
        for (size_t next = ROWS_AHEAD; next < ROWS_AHEAD + 4 && k + next < count; next++)
            ask_for(value + next * stride, width);
        for (size_t h = 0; h < heads; h++) {
            const float *w = weights + h * room + k;
            const float a = w[0], b = w[1], c = w[2], d = w[3];
            for (size_t i = 0; i < width; i++)
                y[h * width + i] += (a * value[i] + b * value[stride + i]) +
                                    (c * value[2 * stride + i] + d * value[3 * stride + i]);
        }
    }
    for (; k < count; k++, value += stride)
        for (size_t h = 0; h < heads; h++)
            add_scaled(y + h * width, value, weights[h * room + k], width);
}

// How many rows of so many are converted at once.
static inline size_t rows_at_once(size_t left) {
    return left < VK_HALVES_AT_ONCE ? left : VK_HALVES_AT_ONCE;
}

// Rows of half precision, `count` of them, `stride` numbers apart, from row `first` of a segment on.
static inline void convert_rows(const void *halves, size_t first, size_t count, size_t stride,
                                size_t width, float *restrict singles) {
    const char *row = (const char *)halves + 2 * first * stride;
    for (size_t k = 0; k < count; k++, row += 2 * stride, singles += width) {
        for (size_t i = 0; i < width; i += 2 * LINE)
            __builtin_prefetch(row + 2 * (VK_HALVES_AT_ONCE * stride + i));
        f16_to_f32(row, singles, width);
    }
}

// The scores of a segment's keys; `singles` has room for a few rows that are converted.
static inline void score_segment(const vk_segment *segment, size_t heads,
                                 const float *restrict queries, size_t width, size_t head,
                                 float *restrict scores, size_t room, float *restrict singles) {
    if (!segment->half) {
        ask_for((const float *)segment->values + head, width);
        score_keys(heads, queries, width, (const float *)segment->keys + head, segment->count,
                   segment->stride, scores, room);
        return;
    }
    const char *keys = (const char *)segment->keys + 2 * head;
    for (size_t k = 0; k < segment->count; k += VK_HALVES_AT_ONCE) {
        const size_t some = rows_at_once(segment->count - k);
        convert_rows(keys, k, some, segment->stride, width, singles);
        score_keys(heads, queries, width, singles, some, width, scores + k, room);
    }
}

// y += a segment's values, each times its weight.
static inline void add_segment(const vk_segment *segment, size_t heads,
                               const float *restrict weights, size_t room, size_t width,
                               size_t head, float *restrict y, float *restrict singles) {
    if (!segment->half) {
        add_values(heads, weights, room, (const float *)segment->values + head, segment->count,
                   segment->stride, y, width);
        return;
    }
    const char *values = (const char *)segment->values + 2 * head;
    for (size_t k = 0; k < segment->count; k += VK_HALVES_AT_ONCE) {
        const size_t some = rows_at_once(segment->count - k);
        convert_rows(values, k, some, segment->stride, width, singles);
        add_values(heads, weights + k, room, singles, some, width, y, width);
    }
}

static void attend(const float *restrict queries, size_t heads, size_t width,
                   const vk_segment *segments, size_t count, size_t key_head, float scale,
                   float *restrict scores, float *restrict y) {
    size_t keys = 0, before = 0;
    const size_t head = key_head * width;
    for (size_t s = 0; s < count; s++) keys += segments[s].count;
    float *restrict singles = scores + heads * keys;
    for (size_t s = 0; s < count; before += segments[s].count, s++)
        score_segment(segments + s, heads, queries, width, head, scores + before, keys, singles);
    softmax(scores, heads, keys, keys, keys, 0, NULL, scale);
    memset(y, 0, heads * width * sizeof *y);
    before = 0;
    for (size_t s = 0; s < count; before += segments[s].count, s++)
        add_segment(segments + s, heads, scores + before, keys, width, head, y, singles);
}
