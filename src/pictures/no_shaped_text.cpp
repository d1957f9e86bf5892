// Built where there is no Pango, in place of shaped_text.cpp.
#include "pictures/text.h"

namespace autoencoder {

const TextPainter* shaped_text() { return nullptr; }

}  // namespace autoencoder
