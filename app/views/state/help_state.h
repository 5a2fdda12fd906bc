// The sentences of one file of assets/help, as a view has read them.
#pragma once

#include <functional>
#include <map>
#include <string>

namespace heed::app {

struct HelpState {
    bool is_read = false;
    std::map<std::string, std::string, std::less<>> sentences;
};

}  // namespace heed::app
