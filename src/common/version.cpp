#include "common/version.h"

namespace autoencoder {

std::string program_version() { return AUTOENCODER_VERSION; }

}  // namespace autoencoder
