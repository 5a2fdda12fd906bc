#include "core/base/check.h"

namespace heed {

void report_bug(const char* file, int line, const std::string& what) {
    std::ostringstream out;
    out << file << ':' << line << ": " << what;
    throw Bug(out.str());
}

}  // namespace heed
