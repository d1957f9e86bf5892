// Loops for several processors.
#pragma once

/// One function, compiled for several processors; the right one is taken when the program starts. Its loops
/// say `#pragma omp simd`. What ThreadSanitizer cannot follow is left out there.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
#define AUTOENCODER_VECTORISED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define AUTOENCODER_VECTORISED
#endif
