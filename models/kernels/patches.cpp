#include "models/kernels/patches.h"

#include <algorithm>
#include <bit>

#include <ATen/Parallel.h>

#include "common/vectorised.h"

namespace autoencoder {
namespace {

// What lies in one piece in patches, and in a row of an image.
struct Span {
  int64_t start;   // in patches, counted from those of the image
  int64_t length;  // pixels of it
  int64_t before;  // those left of the image, or all of them where it is above or below
  int64_t inside;  // pixels within the image
  int64_t first;   // the first of these, counted from the image's first number
};

// For `length` pixels from `left` on in row y of an image.
Span span_of(const PatchPlan& plan, int64_t start, int64_t y, int64_t left, int64_t length) {
  if (y < 0 || y >= plan.height) {
    return {start, length, length, 0, 0};
  }
  const int64_t before = std::clamp<int64_t>(-left, 0, length);
  const int64_t inside = std::max<int64_t>(0, std::min(length, plan.width - left) - before);
  return {start, length, before, inside, (y * plan.width + left + before) * plan.channels};
}

// Of patches as rows: each row of the kernel at each place.
template <typename Visit>
[[gnu::always_inline]] inline void for_each_row_of_patches(const PatchPlan& plan, Visit visit) {
  int64_t start = 0;
  for (int64_t row = 0; row < plan.rows; ++row) {
    for (int64_t column = 0; column < plan.columns; ++column) {
      for (int64_t kernel_row = 0; kernel_row < plan.kernel; ++kernel_row) {
        visit(span_of(plan, start, row * plan.stride - plan.padding + kernel_row,
                      column * plan.stride - plan.padding, plan.kernel));
        start += plan.kernel * plan.channels;
      }
    }
  }
}

// Of patches as columns, `pitch` numbers a row: each row of places for each pixel of the kernel.
template <typename Visit>
[[gnu::always_inline]] inline void for_each_row_of_places(const PatchPlan& plan, int64_t pitch, Visit visit) {
  for (int64_t pixel = 0; pixel < plan.kernel * plan.kernel; ++pixel) {
    for (int64_t row = 0; row < plan.rows; ++row) {
      visit(span_of(plan, pixel * pitch + row * plan.columns, row - plan.padding + pixel / plan.kernel,
                    pixel % plan.kernel - plan.padding, plan.columns));
    }
  }
}

// `pitch` is the length of a row where patches lie as columns.
template <typename Visit>
[[gnu::always_inline]] inline void for_each_span(const PatchPlan& plan, int64_t pitch, Visit visit) {
  if (plan.lies_in_columns()) {
    for_each_row_of_places(plan, pitch, visit);
  } else {
    for_each_row_of_patches(plan, visit);
  }
}

template <typename Number>
[[gnu::always_inline]] inline void gather_spans(const PatchPlan& plan, int64_t pitch, const Number* image,
                                                Number* patches) {
  for_each_span(plan, pitch, [&](const Span& span) {
    Number* to = patches + span.start;
    const int64_t before = span.before * plan.channels;
    const int64_t end = before + span.inside * plan.channels;
    const Number* from = image + span.first - before;
    for (int64_t i = 0; i < before; ++i) {
      to[i] = 0;
    }
#pragma omp simd
    for (int64_t i = before; i < end; ++i) {
      to[i] = from[i];
    }
    for (int64_t i = end; i < span.length * plan.channels; ++i) {
      to[i] = 0;
    }
  });
}

float value_of(float number) { return number; }

// Of a bfloat16, which is the first half of a float.
float value_of(uint16_t bits) { return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }

template <typename Number>
[[gnu::always_inline]] inline void scatter_spans(const PatchPlan& plan, int64_t pitch, const Number* patches,
                                                 float* image) {
  for_each_span(plan, pitch, [&](const Span& span) {
    const Number* from = patches + span.start + span.before * plan.channels;
    float* to = image + span.first;
    const int64_t count = span.inside * plan.channels;
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) {
      to[i] += value_of(from[i]);
    }
  });
}

AUTOENCODER_VECTORISED
void gather_image(const PatchPlan& plan, int64_t pitch, const float* image, float* patches) {
  gather_spans(plan, pitch, image, patches);
}

AUTOENCODER_VECTORISED
void gather_image(const PatchPlan& plan, int64_t pitch, const uint16_t* image, uint16_t* patches) {
  gather_spans(plan, pitch, image, patches);
}

AUTOENCODER_VECTORISED
void scatter_image(const PatchPlan& plan, int64_t pitch, const float* patches, float* image) {
  scatter_spans(plan, pitch, patches, image);
}

AUTOENCODER_VECTORISED
void scatter_image(const PatchPlan& plan, int64_t pitch, const uint16_t* patches, float* image) {
  scatter_spans(plan, pitch, patches, image);
}

// Calls visit(its index, where its patches begin) for each of `count` images, on all threads.
template <typename Visit>
void for_each_image(const PatchPlan& plan, int64_t count, Visit visit) {
  const int64_t step = plan.places() * (plan.lies_in_columns() ? 1 : plan.patch_size());
  at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      visit(i, i * step);
    }
  });
}

template <typename Number>
void gather(const PatchPlan& plan, const Number* images, int64_t count, Number* patches) {
  for_each_image(plan, count, [&](int64_t i, int64_t start) {
    gather_image(plan, count * plan.places(), images + i * plan.image_size(), patches + start);
  });
}

template <typename Number>
void scatter(const PatchPlan& plan, const Number* patches, int64_t count, float* images) {
  for_each_image(plan, count, [&](int64_t i, int64_t start) {
    scatter_image(plan, count * plan.places(), patches + start, images + i * plan.image_size());
  });
}

}  // namespace

void gather_patches(const PatchPlan& plan, const float* images, int64_t count, float* patches) {
  gather(plan, images, count, patches);
}

void gather_patches(const PatchPlan& plan, const c10::BFloat16* images, int64_t count,
                    c10::BFloat16* patches) {
  gather(plan, &images->x, count, &patches->x);
}

void scatter_patches(const PatchPlan& plan, const float* patches, int64_t count, float* images) {
  scatter(plan, patches, count, images);
}

void scatter_patches(const PatchPlan& plan, const c10::BFloat16* patches, int64_t count, float* images) {
  scatter(plan, &patches->x, count, images);
}

}  // namespace autoencoder
