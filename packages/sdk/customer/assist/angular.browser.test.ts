// First: it compiles what the others bring half compiled.
import '@angular/compiler'
import { type ApplicationRef, Component, provideZonelessChangeDetection, signal } from '@angular/core'
import { FormControl, FormGroup, FormsModule, ReactiveFormsModule, Validators } from '@angular/forms'
import { provideNativeDateAdapter } from '@angular/material/core'
import { MatDatepickerModule } from '@angular/material/datepicker'
import { MatFormFieldModule } from '@angular/material/form-field'
import { MatInputModule } from '@angular/material/input'
import { MatSelectModule } from '@angular/material/select'
import { bootstrapApplication } from '@angular/platform-browser'
import { afterEach, expect, test } from 'vitest'
import { Acting } from './testing/acting.ts'

let acting: Acting
let app: ApplicationRef | undefined
afterEach(() => {
  app?.destroy()
  acting.close()
})

/** Starts an application whose one component is this class with this template. */
async function start(made: new () => object, template: string, imports: unknown[]): Promise<void> {
  acting = new Acting('<app-root></app-root>')
  Component({ selector: 'app-root', template, imports: imports as [] })(made)
  app = await bootstrapApplication(made, { providers: [provideZonelessChangeDetection(), provideNativeDateAdapter()] })
}

const text = (selector: string) => document.querySelector(selector)?.textContent?.trim()

const FIELDS = `<option value="s">Small</option><option value="l">Large</option>`

test('RA-40 Angular: a reactive form hears of what the agent types, chooses, ticks and sends', async () => {
  let sent: object | undefined
  class ReactiveForm {
    readonly form = new FormGroup({
      name: new FormControl('', { nonNullable: true, validators: Validators.minLength(3), updateOn: 'change' }),
      mail: new FormControl('', { nonNullable: true, updateOn: 'blur' }),
      size: new FormControl('s'),
      agreed: new FormControl(false),
      way: new FormControl('post'),
      age: new FormControl<number | undefined>(undefined),
    })
    send() {
      sent = this.form.value
    }
  }
  await start(
    ReactiveForm,
    `<form [formGroup]="form" (ngSubmit)="send()">
      <input id="name" formControlName="name"><input id="mail" formControlName="mail"><input id="age" type="number" formControlName="age">
      <select id="size" formControlName="size">${FIELDS}</select><input id="agree" type="checkbox" formControlName="agreed">
      <input id="fetch" type="radio" value="fetch" formControlName="way"><button id="send" [disabled]="form.invalid">Send</button></form>`,
    [ReactiveFormsModule],
  )
  acting.click('#name')
  acting.type('ad')
  await app!.whenStable()
  // Angular has heard it: the button went out at once.
  expect(acting.click('#send')).toBe('blocked')
  acting.click('#name')
  acting.press('a')
  acting.click('#mail')
  acting.do({ do: 'text', text: 'a@b.c', composed: false })
  acting.click('#age')
  acting.type('36')
  acting.choose('#size', 'l')
  acting.click('#agree')
  acting.click('#fetch')
  await app!.whenStable()
  expect(acting.click('#send')).toBe('done')
  expect(sent).toEqual({ name: 'ada', mail: 'a@b.c', size: 'l', agreed: true, way: 'fetch', age: 36 })
})

test('RA-40 Angular: template-driven fields, bound both ways, get it and buttons are pressed', async () => {
  class TemplateForm {
    readonly name = signal('')
    readonly size = signal('s')
    readonly agreed = signal(false)
    readonly pressed = signal(0)
  }
  await start(
    TemplateForm,
    `<input id="name" [(ngModel)]="name" (keydown.enter)="pressed.set(pressed() + 10)">
    <select id="size" [(ngModel)]="size">${FIELDS}</select><input id="agree" type="checkbox" [(ngModel)]="agreed">
    <button id="go" (click)="pressed.set(pressed() + 1)">Go</button><output>{{name()}} {{size()}} {{agreed()}} {{pressed()}}</output>`,
    [FormsModule],
  )
  acting.click('#name')
  acting.type('ada')
  acting.do({ do: 'text', text: '漢', composed: true })
  acting.press('Enter')
  acting.choose('#size', 'l')
  acting.click('#agree')
  acting.click('#go')
  await app!.whenStable()
  expect(text('output')).toBe('ada漢 l true 11')
})

test('RA-70 Angular Material: a list that opens above the page is chosen from, and a day is picked', async () => {
  class Material {
    readonly form = new FormGroup({ size: new FormControl('s'), day: new FormControl(new Date(2026, 1, 3)) })
  }
  await start(
    Material,
    `<form [formGroup]="form"><mat-form-field><mat-select id="size" formControlName="size">
      <mat-option value="s">Small</mat-option><mat-option value="l">Large</mat-option></mat-select></mat-form-field>
      <mat-form-field><input id="day" matInput [matDatepicker]="picker" formControlName="day">
      <mat-datepicker-toggle [for]="picker"></mat-datepicker-toggle><mat-datepicker #picker></mat-datepicker></mat-form-field></form>
    <output>{{form.value.size}} {{form.value.day?.getDate()}}</output>`,
    [ReactiveFormsModule, MatFormFieldModule, MatSelectModule, MatInputModule, MatDatepickerModule],
  )
  expect(acting.click('#size')).toBe('done')
  await app!.whenStable()
  const large = [...document.querySelectorAll('mat-option')].find((option) => option.textContent?.trim() === 'Large')!
  expect(acting.click(large)).toBe('done')
  // What lies over the page while the list is open goes by itself.
  await expect.poll(() => acting.click('mat-datepicker-toggle button')).toBe('done')
  await app!.whenStable()
  const day = [...document.querySelectorAll('.mat-calendar-body-cell')].find(
    (cell) => cell.textContent?.trim() === '14',
  )!
  expect(acting.click(day)).toBe('done')
  await app!.whenStable()
  expect(text('output')).toBe('l 14')
})
