#include "app/window/keeping.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "core/base/error.h"
#include "core/format/image.h"
#include "core/model/model.h"

namespace heed::app {

namespace {

constexpr double kPause_s = 1;
constexpr double kForever_s = 1e9;

// The model's path, whole, so that the next start finds it from anywhere.
std::string whole_path(const std::string& name_or_path) {
    const std::filesystem::path path = resolve_model(name_or_path);
    return path.is_absolute() ? path.string() : std::filesystem::absolute(path).string();
}

// The remembered model, where it is still there.
std::string recall_model(const std::string& model) {
    if (model.empty()) return "";
    try {
        return whole_path(model);
    } catch (const Error&) {
        return "";
    }
}

template <class Value>
Value recall(const std::filesystem::path& path, Value (*load)(const std::filesystem::path& path),
             std::string& problem) {
    try {
        return load(path);
    } catch (const Error& error) {
        problem = error.what();
        return {};
    }
}

}  // namespace

Kept recall_kept() {
    Kept kept;
    kept.options = recall(settings_path(), load_settings, kept.problem);
    kept.session = recall(session_path(), load_session, kept.problem);
    return kept;
}

void prepare_document(Program& program, const WindowOptions& options, const Kept& kept) {
    std::string problem = kept.problem;
    try {
        program.set_options(kept.options);
    } catch (const Error& error) {
        problem = settings_path().string() + ": " + error.what();
        keep_aside(settings_path());
    }
    program.set_last_place(kept.session.folder);
    DocumentInputs inputs = kept.session.inputs;
    inputs.model = recall_model(inputs.model);
    const DocumentInputs remembered = inputs;
    if (options.text) {
        inputs.text = *options.text;
        inputs.pair = std::nullopt;
        inputs.other = std::nullopt;
        inputs.ids.clear();
    }
    if (options.pair) inputs.pair = options.pair;
    if (options.model) {
        inputs.model = whole_path(*options.model);
    }
    for (const std::string& file : options.files) {
        if (is_image_file(file)) {
            inputs.image = std::filesystem::absolute(file).string();
            inputs.sketch = std::nullopt;
        } else if (!options.model) {
            inputs.model = whole_path(file);
        }
    }
    // A choice made for another model or sentence says nothing about this one.
    const bool is_same = inputs == remembered && !inputs.model.empty();
    program.document().restore(inputs, is_same ? kept.session.selection : Selection{});
    program.set_recent_titles(kept.session.recent);
    if (inputs.model.empty()) program.open_default_model();
    if (!problem.empty()) program.document().show_error(problem);
    program.settle();
}

double Keeping::note(Program& program, const WindowPlace& place, double now_s) {
    const std::string problem = files_.take_problem();
    if (!problem.empty()) program.document().show_error(problem);
    const bool is_changed = program.person_version() != version_ || place != place_ ||
                            program.recent_titles() != recent_;
    if (is_changed) {
        version_ = program.person_version();
        place_ = place;
        recent_ = program.recent_titles();
        changed_s_ = now_s;
        // What was there at the start is what was kept.
        is_due_ = !std::exchange(is_first_, false) || is_due_;
    }
    if (!is_due_) return kForever_s;
    const double rest = changed_s_ + kPause_s - now_s;
    if (rest > 0) return rest;
    write(program);
    return kForever_s;
}

void Keeping::finish(Program& program, const WindowPlace& place) {
    place_ = place;
    write(program);
    files_.finish();
}

void Keeping::write(Program& program) {
    is_due_ = false;
    std::string settings = write_settings(program.changed_options());
    if (settings != settings_) files_.keep(settings_path(), settings);
    settings_ = std::move(settings);
    const PersonState person = program.person();
    std::string session = write_session({person.inputs, person.selection, place_,
                                         program.recent_titles(), program.last_place().string()});
    if (session != session_) files_.keep(session_path(), session);
    session_ = std::move(session);
}

}  // namespace heed::app
