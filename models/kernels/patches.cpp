#include "models/kernels/patches.h"

#include <algorithm>
#include <bit>

#include <ATen/Parallel.h>

#include "common/vectorised.h"

namespace autoencoder {
namespace {

// The pixels of a row of an image that a row of the kernel covers.
struct Span {
  int64_t before;  // pixels of the kernel's row left of the image
  int64_t inside;  // pixels within it; 0 where the kernel's row is above or below the image
  int64_t first;   // the first of them, counted from the image's first number
};

Span span_of(const PatchPlan& plan, int64_t top, int64_t left, int64_t kernel_row) {
  const int64_t y = top + kernel_row;
  if (y < 0 || y >= plan.height) {
    return {plan.kernel, 0, 0};
  }
  const int64_t before = std::max<int64_t>(0, -left);
  const int64_t inside = std::min(plan.kernel, plan.width - left) - before;
  return {before, inside, (y * plan.width + left + before) * plan.channels};
}

// Calls visit(patch's row, span) for each row of each patch of an image; patches are counted from its first.
template <typename Visit>
inline void for_each_span(const PatchPlan& plan, Visit visit) {
  const int64_t row_size = plan.kernel * plan.channels;
  int64_t start = 0;
  for (int64_t row = 0; row < plan.rows; ++row) {
    for (int64_t column = 0; column < plan.columns; ++column) {
      for (int64_t kernel_row = 0; kernel_row < plan.kernel; ++kernel_row) {
        visit(start, span_of(plan, row * plan.stride - plan.padding, column * plan.stride - plan.padding,
                             kernel_row));
        start += row_size;
      }
    }
  }
}

template <typename Number>
[[gnu::always_inline]] inline void gather_spans(const PatchPlan& plan, const Number* image, Number* patches) {
  const int64_t row_size = plan.kernel * plan.channels;
  for_each_span(plan, [&](int64_t start, const Span& span) {
    Number* to = patches + start;
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
    for (int64_t i = end; i < row_size; ++i) {
      to[i] = 0;
    }
  });
}

float value_of(float number) { return number; }

// Of a bfloat16, which is the first half of a float.
float value_of(uint16_t bits) { return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }

template <typename Number>
[[gnu::always_inline]] inline void scatter_spans(const PatchPlan& plan, const Number* patches, float* image) {
  for_each_span(plan, [&](int64_t start, const Span& span) {
    const Number* from = patches + start + span.before * plan.channels;
    float* to = image + span.first;
    const int64_t count = span.inside * plan.channels;
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) {
      to[i] += value_of(from[i]);
    }
  });
}

AUTOENCODER_VECTORISED
void gather_image(const PatchPlan& plan, const float* image, float* patches) {
  gather_spans(plan, image, patches);
}

AUTOENCODER_VECTORISED
void gather_image(const PatchPlan& plan, const uint16_t* image, uint16_t* patches) {
  gather_spans(plan, image, patches);
}

AUTOENCODER_VECTORISED
void scatter_image(const PatchPlan& plan, const float* patches, float* image) {
  scatter_spans(plan, patches, image);
}

AUTOENCODER_VECTORISED
void scatter_image(const PatchPlan& plan, const uint16_t* patches, float* image) {
  scatter_spans(plan, patches, image);
}

// Calls visit(index) on all threads.
template <typename Visit>
void for_each_image(int64_t count, Visit visit) {
  at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      visit(i);
    }
  });
}

template <typename Number>
void gather(const PatchPlan& plan, const Number* images, int64_t count, Number* patches) {
  for_each_image(count, [&](int64_t i) {
    gather_image(plan, images + i * plan.image_size(), patches + i * plan.places() * plan.patch_size());
  });
}

template <typename Number>
void scatter(const PatchPlan& plan, const Number* patches, int64_t count, float* images) {
  for_each_image(count, [&](int64_t i) {
    scatter_image(plan, patches + i * plan.places() * plan.patch_size(), images + i * plan.image_size());
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
