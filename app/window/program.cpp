#include "app/window/program.h"

#include <imgui.h>

#include <backends/imgui_impl_opengl3.h>

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "app/gl/render_target.h"
#include "app/views/stage_texts.h"
#include "app/window/start_model.h"
#include "core/base/error.h"

namespace heed::app {

namespace {

bool opens_over_popups(const Action& action) {
    return action.name == "command-palette" || action.name == "keys" || action.name == "menu" ||
           action.name == "quit";
}

float share(std::uint8_t channel) {
    return static_cast<float>(channel) / 255.0F;
}

// Processor time of this thread.
double thread_ms() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

}  // namespace

ImGuiSession::ImGuiSession() : context_(ImGui::CreateContext()) {
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.ConfigInputTextCursorBlink = false;
    io.ConfigWindowsMoveFromTitleBarOnly = true;
    ImGuiStyle& style = ImGui::GetStyle();
    style.WindowBorderSize = 0;
    style.PopupBorderSize = 0;
    style.WindowPadding = {0, 0};
    style.WindowMinSize = {1, 1};
    ImGui_ImplOpenGL3_Init("#version 330 core");
}

ImGuiSession::~ImGuiSession() {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui::DestroyContext(context_);
}

namespace {

std::unique_ptr<ChosenBackend> make_chosen_backend(const ProgramSetup& setup) {
    DeviceOptions device;
    device.make_context = setup.compute_context;
    device.cache = device_cache_folder();
    return std::make_unique<ChosenBackend>(setup.backend, std::move(device), 0);
}

// The document takes the backend; the program keeps where it is.
std::unique_ptr<Backend> keep_pointer(std::unique_ptr<ChosenBackend> backend,
                                      ChosenBackend*& pointer) {
    pointer = backend.get();
    return backend;
}

}  // namespace

Program::Program(const ProgramSetup& setup)
    : pictures_(setup.compute_context != nullptr),
      document_(setup.wake, keep_pointer(make_chosen_backend(setup), backend_)),
      jobs_(setup.wake) {
    compute_.backend = setup.backend;
    document_.views.stages.texts = std::make_shared<const StageTexts>(StageTexts::load());
    shell_.sentence.examples = load_examples();
    add_program_actions();
    add_opening_actions();
    add_document_actions();
    add_example_actions();
    add_picture_actions();
    add_sequence_actions();
    add_selection_actions();
    add_unlock_action();
    add_stage_actions();
    add_command_actions();
    add_panel_actions();
    add_word_actions();
    add_figure_actions();
    add_history_actions();
    theme_ = make_theme(look_, system_look_);
    first_options_ = read_options(option_visit());
    settle();
}

Program::~Program() = default;

// What was chosen holds from the next pass on, which is now.
void Program::follow_backend() {
    if (compute_.backend == backend_->choice()) return;
    backend_->choose(compute_.backend);
    if (document_.trace() != nullptr) document_.run_again();
}

void Program::open_default_model() {
    const std::vector<FoundModel> models = find_models();
    if (const auto place = choose_start_model(models)) {
        document_.open_model(models[*place].path.string());
    } else {
        document_.show_error("no model was found: open one with heed -m FOLDER");
    }
}

// A picture goes to the action that takes pictures, where the program has one.
void Program::open_path(const std::string& name_or_path) {
    const std::optional<FileKind> kind = kind_by_ending(name_or_path);
    const Action* takes_pictures = actions_.find("image");
    if (kind == FileKind::kPicture && takes_pictures != nullptr) {
        actions_.run("image", {&name_or_path, 1});
    } else {
        document_.open_model(name_or_path);
    }
}

void Program::open_dropped(const std::vector<std::string>& paths) {
    if (paths.empty()) return;
    close_all_popups(controls_);
    ViewResult wishes;
    for (const std::string& path : paths) wishes.commands.push_back({"open", {path}});
    apply(std::move(wishes));
}

void Program::set_theme(ThemeKind theme) {
    look_.theme = theme == ThemeKind::kProjector ? ThemeChoice::kProjector
                  : theme == ThemeKind::kDark    ? ThemeChoice::kDark
                                                 : ThemeChoice::kLight;
    theme_ = make_theme(look_, system_look_);
}

double Program::build_frame(const FrameRequest& request) {
    const auto begin = std::chrono::steady_clock::now();
    const double cpu_begin_ms = thread_ms();
    const double wanted_in = make_frame(request);
    frame_cost_.cpu_ms = thread_ms() - cpu_begin_ms;
    frame_cost_.wall_ms =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    return wanted_in;
}

double Program::make_frame(const FrameRequest& request) {
    now_s_ = request.now_s;
    update();
    theme_ = make_theme(look_, system_look_);
    const float scale = request.base_scale * look_.scale;
    if (fonts_.scale() != scale || !fonts_.is_built()) fonts_.build(scale);
    ImGui_ImplOpenGL3_NewFrame();
    fonts_.begin_frame();
    ImGui::NewFrame();
    begin_controls(controls_, shell_.sentence.is_typing);
    run_keys();
    note_work();
    follow_backend();

    items_.begin_frame(request.record);
    UiContext ui{theme_, fonts_, actions_, items_, pictures_, hover_, jobs_, controls_};
    grounds_.clear();
    ui.grounds = &grounds_;
    ui.scale = fonts_.scale();
    ui.now_s = request.now_s;
    ui.trace_number = document_.trace_number();
    ui.trace = document_.trace();
    ui.other_trace = document_.other_trace();
    ui.atlas = document_.atlas();
    std::vector<FigureArea>& figures = shell_.commands.context.figures;
    figures.clear();
    if (wants_figures(shell_.commands.context)) ui.figures = &figures;
    ui.is_typing = shell_.sentence.is_typing;
    ui.typed = request.typed;
    ui.reduces_motion = reduces_motion(look_, system_look_);
    ui.scrolls = &figures_.scrolls();
    hover_.was_asked = false;
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    ViewResult result = draw_shell(document_, shell_, ui, size.x, size.y);
    end_controls(ui);
    figures_.note_frame(theme_, ui.scale, shell_.shown);
    if (!hover_.was_asked) hover_.target = 0;
    ImGui::Render();
    pages_.upload(fonts_.engine().atlas());
    pictures_.end_frame();
    jobs_.end_frame();

    const bool asked_for_something = result.selection || !result.commands.empty();
    apply(std::move(result));
    note_changes();
    return asked_for_something ? 0.0 : ui.next_frame_s;
}

void Program::render_frame() {
    const Colour ground = theme_.background;
    clear_target(share(ground.r), share(ground.g), share(ground.b));
    const ImDrawData* drawn = ImGui::GetDrawData();
    const int height = static_cast<int>(drawn->DisplaySize.y);
    for (const Ground& part : grounds_) {
        clear_rect({static_cast<int>(part.rect.x), static_cast<int>(part.rect.y),
                    static_cast<int>(part.rect.w), static_cast<int>(part.rect.h)},
                   height, share(part.colour.r), share(part.colour.g), share(part.colour.b));
    }
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

void Program::run_keys() {
    const ImGuiIO& io = ImGui::GetIO();
    KeyState keys;
    keys.ctrl = io.KeyCtrl;
    keys.shift = io.KeyShift;
    keys.alt = io.KeyAlt;
    keys.typing = shell_.sentence.is_typing;
    // A key that moves the focus or works in a menu does nothing else.
    const bool is_plain = !io.KeyCtrl && !io.KeyAlt;
    keys.was_pressed = [this, is_plain](int key) {
        return !(is_plain && takes_key(controls_, key)) && ImGui::IsKeyPressed(key, true);
    };
    // While a list or a menu is open only the others that open are a key away.
    if (!controls_.popups.open.empty()) keys.is_allowed = opens_over_popups;
    actions_.run_pressed(keys);
}

void Program::apply(ViewResult result) {
    if (result.selection) document_.select(std::move(*result.selection));
    for (const Command& command : result.commands) {
        // A wish that cannot be fulfilled is told in the status line; nothing else changes.
        try {
            actions_.run(command.action, command.arguments);
        } catch (const Error& error) {
            document_.show_error(error.what());
        }
    }
}

}  // namespace heed::app
